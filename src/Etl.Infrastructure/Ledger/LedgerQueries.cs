using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reads runs with all that was recorded of them.</summary>
internal static class LedgerQueries
{
    private const string RunId = "RunId";

    public static Task<IReadOnlyList<RunHistory>> ListAsync(
        this LedgerContext context,
        int most,
        CancellationToken cancellationToken
    ) => context.HistoriesAsync(context.Set<Run>().OrderByDescending(r => r.StartedAt).Take(most), cancellationToken);

    public static Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        this LedgerContext context,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        context.HistoriesAsync(
            context.Set<Run>().Where(r => r.StartedAt >= from && r.StartedAt < until).OrderBy(r => r.StartedAt),
            cancellationToken
        );

    public static async Task<RunHistory?> FindAsync(this LedgerContext context, RunId run, CancellationToken token)
    {
        var id = run.ToString();
        return (await context.HistoriesAsync(context.Set<Run>().Where(r => r.RunId == id), token)).SingleOrDefault();
    }

    public static async Task<RunHistory?> PreviousAsync(this LedgerContext context, RunId run, CancellationToken token)
    {
        var (day, number) = (run.BusinessDate.Value, run.Number);
        var query = context
            .Set<Run>()
            .Where(r => r.Status == RunStatus.Succeeded || r.Status == RunStatus.Superseded)
            .Where(r => r.BusinessDate < day || (r.BusinessDate == day && r.Number < number))
            .OrderByDescending(r => r.BusinessDate)
            .ThenByDescending(r => r.Number)
            .Take(1);
        return (await context.HistoriesAsync(query, token)).SingleOrDefault();
    }

    public static async Task<RunHistory?> LastEndedAsync(this LedgerContext context, RunId run, CancellationToken token)
    {
        var id = run.ToString();
        var query = context
            .Set<Run>()
            .Where(r => r.RunId != id && r.FinishedAt != null)
            .OrderByDescending(r => r.FinishedAt)
            .Take(1);
        return (await context.HistoriesAsync(query, token)).SingleOrDefault();
    }

    /// <summary>The histories of the runs that a query gives, in its order.</summary>
    private static async Task<IReadOnlyList<RunHistory>> HistoriesAsync(
        this LedgerContext context,
        IQueryable<Run> query,
        CancellationToken token
    )
    {
        var runs = await query
            .Select(r => new
            {
                Run = r,
                ManifestUri = EF.Property<string?>(r, "ManifestUri"),
                ReportUri = EF.Property<string?>(r, "ReportUri"),
                DurationMs = EF.Property<long>(r, "DurationMs"),
                Peak = EF.Property<long>(r, "PeakMemoryBytes"),
            })
            .AsNoTracking()
            .ToListAsync(token);
        var ids = runs.Select(r => r.Run.RunId).ToArray();
        var messages = await context
            .Set<Dictionary<string, object>>("messages")
            .Where(m => ids.Contains(EF.Property<string>(m, RunId)))
            .Select(m => new
            {
                Id = EF.Property<string>(m, RunId),
                Sent = EF.Property<DateTimeOffset?>(m, "SentAt") != null,
            })
            .ToListAsync(token);
        var steps = await PartsAsync<StepRecord>(context, ids, token);
        var files = await PartsAsync<FileRecord>(context, ids, token);
        var tests = await PartsAsync<DataTestResult>(context, ids, token);
        var exports = await PartsAsync<ExportRecord>(context, ids, token);
        return
        [
            .. runs.Select(r => new RunHistory(
                r.Run,
                [.. steps[r.Run.RunId].OrderBy(s => s.StartedAt).ThenBy(s => s.Step)],
                [.. files[r.Run.RunId].OrderBy(f => f.Dataset, StringComparer.Ordinal).ThenBy(f => f.Role)],
                [.. tests[r.Run.RunId].OrderBy(t => t.Name, StringComparer.Ordinal)],
                [.. exports[r.Run.RunId].OrderBy(e => e.Table, StringComparer.Ordinal)],
                r.ManifestUri,
                messages.Exists(m => m.Id == r.Run.RunId)
                    ? messages.TrueForAll(m => m.Id != r.Run.RunId || m.Sent)
                    : null
            )
            {
                ReportUri = r.ReportUri,
                Usage = r.DurationMs > 0 ? new RunUsage(TimeSpan.FromMilliseconds(r.DurationMs), r.Peak) : null,
            }),
        ];
    }

    private static async Task<ILookup<string, T>> PartsAsync<T>(
        LedgerContext context,
        string[] ids,
        CancellationToken token
    )
        where T : class
    {
        var rows = await context
            .Set<T>()
            .AsNoTracking()
            .Where(p => ids.Contains(EF.Property<string>(p, RunId)))
            .Select(p => new { Id = EF.Property<string>(p, RunId), Part = p })
            .ToListAsync(token);
        return rows.ToLookup(r => r.Id, r => r.Part);
    }
}
