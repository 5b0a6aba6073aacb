using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Finds the keys that repeat in the parts of a dataset with more keys than fit into memory. The database lists them, among the
/// candidates or, where even these do not fit, among all keys. Their rows are deleted, and the parts are read again to put the
/// first of each back and to reject the others.
/// </summary>
internal sealed class RepeatedKeys(
    NpgsqlConnection connection,
    IDistribution distribution,
    RunId run,
    Dataset dataset,
    SnapshotReader reader,
    string copyCommand
)
{
    private const string Number = "\"#\""; // no column of a dataset can have this name

    private readonly KeySql key = new(dataset);
    private readonly string table = StagingTables.Name(run, dataset);
    private readonly string repeated = Identifier.Quote(run.Schema, $"{dataset.Name}_repeated");

    /// <param name="parts">The parts in order; the rows that are rejected after all are withdrawn from them.</param>
    /// <param name="candidates">The keys that may repeat; null for all.</param>
    /// <param name="quarantine">Receives the rejected rows.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task ResolveAsync(
        IReadOnlyList<LoadedPart> parts,
        KeySet? candidates,
        QuarantineWriter quarantine,
        CancellationToken cancellationToken
    )
    {
        if (await ListAsync(candidates, cancellationToken) > 0)
        {
            await connection.ExecuteSqlAsync(
                $"delete from {table} as t using {repeated} as r where {key.AreEqual("t", "r")}",
                cancellationToken
            );
            for (var last = 0L; await NextAsync(last, cancellationToken) is { Count: > 0 } keys; last += keys.Count)
            {
                var (wanted, seen) = (new KeySet(long.MaxValue), new KeySet(long.MaxValue));
                keys.ForEach(k => wanted.Add(k));
                foreach (var part in parts)
                {
                    await RejectLaterRowsAsync(part, wanted, seen, quarantine, cancellationToken);
                }
            }
        }

        await connection.ExecuteSqlAsync($"drop table {repeated}", cancellationToken);
    }

    private async Task RejectLaterRowsAsync(
        LoadedPart part,
        KeySet wanted,
        KeySet seen,
        QuarantineWriter quarantine,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await CopyStream.BeginAsync(connection, copyCommand, cancellationToken);
        var sink = new TableSink(dataset, part.File, copy, quarantine);
        var validator = new DuplicateKeyCheck(dataset, sink, wanted.Contains, seen, part.Withdraw)
        {
            Duplicates = part.Result.Validator.Duplicates,
            Describe = part.Result.Validator.Describe,
        };
        await reader.ReadAgainAsync(dataset, part.File, part.Result, validator, cancellationToken);
        await copy.CompleteAsync(cancellationToken);
        part.Result.Validator.Rejects.Add(validator.Rejects);
    }

    /// <returns>The number of keys that repeat.</returns>
    private async Task<long> ListAsync(KeySet? candidates, CancellationToken cancellationToken)
    {
        var columns = key.Columns("t");
        await connection.ExecuteSqlAsync(
            $"create table {repeated} as select 0::bigint as {Number}, {columns} from {table} as t with no data",
            cancellationToken
        );
        var copy = candidates is null ? distribution.CopyKeys(run, dataset) : null;
        foreach (var sql in copy?.Create ?? [])
        {
            await connection.ExecuteSqlAsync(sql, cancellationToken);
        }

        await connection.ExecuteSqlAsync(
            $"""
            insert into {repeated}
            select row_number() over (), {columns}
            from {copy?.Table ?? table} as t {(candidates is null ? "" : key.Among("t"))}
            group by {columns} having count(*) > 1
            """,
            candidates is null ? [] : key.Arrays(candidates.Keys),
            cancellationToken
        );
        if (copy is not null)
        {
            await connection.ExecuteSqlAsync($"drop table {copy.Table}", cancellationToken);
        }

        return await connection.ReadValueAsync<long>($"select count(*) from {repeated}", [], cancellationToken);
    }

    private Task<List<byte[]>> NextAsync(long after, CancellationToken cancellationToken) =>
        connection.ReadRowsAsync(
            $"select {key.RowValues("r")} from {repeated} as r where r.{Number} > $1 and r.{Number} <= $2",
            [after, after + reader.Settings.KeysAtOnce(dataset)],
            key.Read,
            cancellationToken
        );
}
