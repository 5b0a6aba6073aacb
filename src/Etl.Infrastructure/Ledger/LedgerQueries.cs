using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reads any runs with all that was recorded of them, for people.</summary>
internal static class LedgerQueries
{
    public static Task<IReadOnlyList<RunHistory>> ListAsync(
        this LedgerContext context,
        int most,
        CancellationToken cancellationToken
    ) => context.HistoriesAsync(context.Runs.OrderByDescending(r => r.StartedAt).Take(most), cancellationToken);

    public static Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        this LedgerContext context,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        context.HistoriesAsync(
            context.Runs.Where(r => r.StartedAt >= from && r.StartedAt < until).OrderBy(r => r.StartedAt),
            cancellationToken
        );

    /// <summary>The histories of the runs that a query gives, in its order.</summary>
    private static async Task<IReadOnlyList<RunHistory>> HistoriesAsync(
        this LedgerContext context,
        IQueryable<Run> query,
        CancellationToken cancellationToken
    )
    {
        var runs = await query
            .Select(r => new RunRow(
                r,
                EF.Property<string?>(r, LedgerContext.ManifestUri),
                EF.Property<string?>(r, LedgerContext.ReportUri),
                EF.Property<long>(r, LedgerContext.DurationMs),
                EF.Property<long>(r, LedgerContext.PeakMemoryBytes)
            ))
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var ids = runs.Select(r => r.Run.RunId).ToArray();
        var messages = await context
            .Messages.AsNoTracking()
            .Where(m => ids.Contains(m.RunId))
            .Select(m => new { m.RunId, Sent = m.SentAt != null })
            .ToListAsync(cancellationToken);
        var rows = new HistoryRows
        {
            Runs = runs,
            Steps = await context.Steps.AsNoTracking().Where(s => ids.Contains(s.RunId)).ToListAsync(cancellationToken),
            Files = await context.Files.AsNoTracking().Where(f => ids.Contains(f.RunId)).ToListAsync(cancellationToken),
            Tests = await context.Tests.AsNoTracking().Where(t => ids.Contains(t.RunId)).ToListAsync(cancellationToken),
            Exports = await context
                .Exports.AsNoTracking()
                .Where(e => ids.Contains(e.RunId))
                .ToListAsync(cancellationToken),
            Messages = [.. messages.Select(m => (m.RunId, m.Sent))],
        };
        return rows.ToHistories();
    }
}
