using Etl.Application.Ports;
using Etl.Domain.Runs;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reads runs with all that was recorded of them.</summary>
internal static class LedgerQueries
{
    /// <summary>The database's clock, in a transaction: hosts' clocks differ, and are set back.</summary>
    public static async Task<DateTimeOffset> ClockAsync(this LedgerContext context, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>The histories of the runs that a query gives, in its order.</summary>
    public static async Task<IReadOnlyList<RunHistory>> HistoriesAsync(
        this LedgerContext context,
        IQueryable<Run> query,
        CancellationToken cancellationToken
    )
    {
        var runs = await query
            .Select(r => new { Run = r, ManifestUri = EF.Property<string?>(r, LedgerContext.ManifestUri) })
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (runs.Count == 0)
        {
            return [];
        }

        var ids = runs.Select(r => r.Run.RunId).ToArray();
        var steps = await context.Steps.AsNoTracking().Where(s => ids.Contains(s.RunId)).ToListAsync(cancellationToken);
        var files = await context.Files.AsNoTracking().Where(f => ids.Contains(f.RunId)).ToListAsync(cancellationToken);
        var tests = await context.Tests.AsNoTracking().Where(t => ids.Contains(t.RunId)).ToListAsync(cancellationToken);
        var exports = await context
            .Exports.AsNoTracking()
            .Where(e => ids.Contains(e.RunId))
            .ToListAsync(cancellationToken);
        var messages = await context
            .Messages.AsNoTracking()
            .Where(m => ids.Contains(m.RunId))
            .Select(m => new { m.RunId, Sent = m.SentAt != null })
            .ToListAsync(cancellationToken);
        return
        [
            .. runs.Select(r => new RunHistory(
                r.Run,
                [
                    .. steps
                        .Where(s => s.RunId == r.Run.RunId)
                        .OrderBy(s => s.StartedAt)
                        .ThenBy(s => s.Step)
                        .Select(Step),
                ],
                [
                    .. files
                        .Where(f => f.RunId == r.Run.RunId)
                        .OrderBy(f => f.Dataset, StringComparer.Ordinal)
                        .ThenBy(f => f.Part)
                        .Select(File),
                ],
                [.. tests.Where(t => t.RunId == r.Run.RunId).OrderBy(t => t.Name, StringComparer.Ordinal).Select(Test)],
                [
                    .. exports
                        .Where(e => e.RunId == r.Run.RunId)
                        .OrderBy(e => e.TableName, StringComparer.Ordinal)
                        .Select(Export),
                ],
                r.ManifestUri,
                messages.Exists(m => m.RunId == r.Run.RunId)
                    ? messages.TrueForAll(m => m.RunId != r.Run.RunId || m.Sent)
                    : null
            )),
        ];
    }

    private static StepRecord Step(StepRow row) =>
        new(row.Step, row.Attempt, row.StartedAt, row.FinishedAt, row.Succeeded, row.Detail);

    private static FileRecord File(FileRow row) =>
        new(row.Dataset, row.Uri, row.Version, row.Sha256, row.Bytes, row.Read, row.Loaded, row.Quarantined, row.Part);

    private static DataTestResult Test(TestRow row) => new(row.Name, row.Severity, row.Violations, row.Meaning);

    private static ExportRecord Export(ExportRow row) =>
        new(row.TableName, row.Uri, row.Rows, row.Bytes, row.Sha256, row.Columns);
}
