using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>The end of a load: after all rows are in the table.</summary>
internal sealed class PartsFinish(
    NpgsqlConnection connection,
    Dataset dataset,
    SnapshotReader reader,
    QuarantineWriter quarantine
)
{
    /// <summary>Completes the quarantine, and the records of the parts.</summary>
    /// <param name="parts">The parts in order.</param>
    /// <param name="rows">Rows that the database counts into the table.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task<IReadOnlyList<StagedFile>> FinishAsync(
        IReadOnlyList<LoadedPart> parts,
        long rows,
        CancellationToken cancellationToken
    )
    {
        var named = await new FirstRows(dataset, reader).NameAsync([.. parts.Select(p => p.Read)], cancellationToken);
        var counts = parts.Select(p => (p.File.Path, p.Result.Validator.Rejects.ByCode()));
        var rejected = await quarantine.CompleteAsync(connection, counts, cancellationToken);
        if (named.Count > 0)
        {
            await quarantine.ReplaceMessagesAsync(connection, named, cancellationToken);
        }

        // A row that no part accounts for is counted with the last one, so that its counts do not reconcile.
        var other = rows - parts.Sum(p => p.Rows);
        return
        [
            .. parts.Select(p =>
            {
                var (read, skipped) = (p.Result.Validator.Read, p.Result.Validator.Skipped);
                var stored = p.Rows + (p == parts[^1] ? other : 0);
                var rowCounts = new RowCounts(read, stored, rejected.GetValueOrDefault(p.File.Path), skipped);
                return p.Result.Stage(dataset, p.File, rowCounts) with { Sums = p.Sums };
            }),
        ];
    }
}
