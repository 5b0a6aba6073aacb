using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Etl.Infrastructure.Stage.Rollups;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>Copies parts into the table of their dataset, each with a COPY of its own in each session.</summary>
internal sealed class PartCopy(
    IReadOnlyList<NpgsqlConnection> connections,
    IDistribution distribution,
    RunId run,
    Dataset dataset,
    SnapshotReader reader,
    QuarantineWriter quarantine,
    RollupTally[]? tallies = null,
    Func<RejectedRow, RejectedRow>? describe = null
)
{
    /// <returns>What was read, and the sums of the rows that were sent.</returns>
    public async Task<(SnapshotResult Result, IReadOnlyList<ColumnSum> Sums)> CopyAsync(
        SourceFile file,
        KeyLookup keys,
        bool isAlone,
        string command,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await CopyStream.BeginAsync(connections, command, cancellationToken);
        var sink = new TableSink(dataset, file, copy, quarantine, tallies ?? []);
        var validator = ReadPart.Validator(dataset, sink, keys, isAlone, describe);
        var result = await reader.ReadAsync(dataset, file, validator, progress, cancellationToken);
        await copy.CompleteAsync(cancellationToken);
        return (result, sink.Sums);
    }

    /// <summary>
    /// The rows that the sessions have added to the table, each within its transaction. On one server it costs no scan; the sums
    /// of the transform, which reads the rows themselves, confirm it.
    /// </summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        var sql = distribution.CountAdded(StagingTables.Name(run, dataset));
        var rows = 0L;
        foreach (var connection in connections)
        {
            rows += await connection.ReadValueAsync<long>(sql, [], cancellationToken);
        }

        return rows;
    }
}
