using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Finds the keys that repeat in a file with more keys than fit into memory. The database, which sorts on disk, says which
/// ones do; their rows are taken out, and the file is read again to put the first of each back and reject the others.
/// </summary>
internal sealed class RepeatedKeys(NpgsqlConnection connection, RunId run, Dataset dataset, int keysAtOnce)
{
    private readonly string key = Identifier.Quote(dataset.Key!);
    private readonly string table = StagingTables.Name(run, dataset);
    private readonly string repeated = Identifier.Quote(run.Schema, $"{dataset.Name}_repeated");

    /// <returns>The sums of the rows that were taken out.</returns>
    public async Task<IReadOnlyList<ColumnSum>> ResolveAsync(
        SnapshotReader reader,
        SourceFile file,
        SnapshotResult loaded,
        QuarantineWriter quarantine,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(
            $"create table {repeated} as select {key} from {table} group by {key} having count(*) > 1",
            cancellationToken
        );
        await ExecuteAsync($"delete from {table} where {key} in (select {key} from {repeated})", cancellationToken);
        var later = new SumTally(dataset);
        var last = 0L;
        for (var keys = await NextAsync(last); keys.Count > 0; keys = await NextAsync(last))
        {
            last = keys[^1];
            var wanted = keys.ToHashSet();
            await using var copy = await CopyStream.BeginAsync(
                connection,
                StagingTables.Copy(run, dataset),
                cancellationToken
            );
            var validator = new DuplicateKeyCheck(
                dataset,
                new TableSink(dataset, copy, quarantine),
                wanted.Contains,
                row => later.Add(row)
            );
            await reader.ReadAgainAsync(dataset, file, loaded, validator, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
            loaded.Validator.Rejects.Add(validator.Rejects);
        }

        await ExecuteAsync($"drop table {repeated}", cancellationToken);
        return later.Sums;

        async Task<List<long>> NextAsync(long after)
        {
            await using var command = new NpgsqlCommand(
                $"select {key} from {repeated} where {key} > $1 order by {key} limit $2",
                connection
            )
            {
                CommandTimeout = 0,
                Parameters =
                {
                    new() { Value = after },
                    new() { Value = keysAtOnce },
                },
            };
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var keys = new List<long>();
            while (await rows.ReadAsync(cancellationToken))
            {
                keys.Add(rows.GetInt64(0));
            }

            return keys;
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
