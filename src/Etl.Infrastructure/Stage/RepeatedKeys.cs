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
/// Finds the keys that repeat in a file with more keys than fit into memory. The database lists them, among the candidates
/// or, where even these do not fit, among all keys. Their rows are deleted, and the file is read again to put the first of
/// each back and to reject the others.
/// </summary>
internal sealed class RepeatedKeys(NpgsqlConnection connection, RunId run, Dataset dataset, int keysAtOnce)
{
    private const string Number = "\"#\""; // no column of a dataset can have this name

    private readonly KeySql key = new(dataset);
    private readonly string table = StagingTables.Name(run, dataset);
    private readonly string repeated = Identifier.Quote(run.Schema, $"{dataset.Name}_repeated");

    /// <returns>The sums of the rows that were rejected after all.</returns>
    public async Task<IReadOnlyList<ColumnSum>> ResolveAsync(
        SnapshotReader reader,
        SourceFile file,
        SnapshotResult loaded,
        QuarantineWriter quarantine,
        CancellationToken cancellationToken
    )
    {
        var later = new SumTally(dataset);
        if (await ListAsync(loaded.Validator.Keys.Candidates, cancellationToken) > 0)
        {
            await RejectLaterRowsAsync();
        }

        await connection.ExecuteSqlAsync($"drop table {repeated}", cancellationToken);
        return later.Sums;

        async Task RejectLaterRowsAsync()
        {
            await connection.ExecuteSqlAsync(
                $"delete from {table} as t using {repeated} as r where {key.AreEqual("t", "r")}",
                cancellationToken
            );
            for (var last = 0L; await NextAsync(last, cancellationToken) is { Count: > 0 } keys; last += keys.Count)
            {
                var wanted = new KeySet(long.MaxValue);
                keys.ForEach(k => wanted.Add(k));
                await using var copy = await CopyStream.BeginAsync(
                    connection,
                    StagingTables.Copy(run, dataset),
                    cancellationToken
                );
                var sink = new TableSink(dataset, copy, quarantine);
                var validator = new DuplicateKeyCheck(dataset, sink, wanted.Contains, AddLater);
                await reader.ReadAgainAsync(dataset, file, loaded, validator, cancellationToken);
                await copy.CompleteAsync(cancellationToken);
                loaded.Validator.Rejects.Add(validator.Rejects);
            }
        }

        void AddLater(long[] row)
        {
            later.Add(row);
            loaded.Validator.Negatives.Count(row, times: -1);
        }
    }

    /// <returns>The number of keys that repeat.</returns>
    private async Task<long> ListAsync(KeySet? candidates, CancellationToken cancellationToken)
    {
        var columns = key.Columns("t");
        await connection.ExecuteSqlAsync(
            $"create table {repeated} as select 0::bigint as {Number}, {columns} from {table} as t with no data",
            cancellationToken
        );
        await connection.ExecuteSqlAsync(
            $"""
            insert into {repeated}
            select row_number() over (), {columns} from {table} as t {(candidates is null ? "" : key.Among("t"))}
            group by {columns} having count(*) > 1
            """,
            candidates is null ? [] : key.Arrays(candidates.Keys),
            cancellationToken
        );
        return await connection.ReadValueAsync<long>($"select count(*) from {repeated}", [], cancellationToken);
    }

    private Task<List<byte[]>> NextAsync(long after, CancellationToken cancellationToken) =>
        connection.ReadRowsAsync(
            $"select {key.RowValues("r")} from {repeated} as r where r.{Number} > $1 and r.{Number} <= $2",
            [after, after + keysAtOnce],
            key.Read,
            cancellationToken
        );
}
