using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
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

/// <summary>Fills one table of a run. Rows, counts and the last rejects are one transaction.</summary>
internal sealed class TableLoad(
    NpgsqlDataSource database,
    ISourceStore source,
    QualityOptions quality,
    RunId run,
    Dataset dataset,
    long keyBudgetBytes
)
{
    private readonly ParserSettings settings = ParserSettings.Of(quality) with { KeyBudgetBytes = keyBudgetBytes };

    public async Task<StagedFile> LoadAsync(
        SourceFile? file,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.Truncate(run, dataset), cancellationToken);
        var reader = new SnapshotReader(source, settings);
        var staged = file is null
            ? Nothing(dataset)
            : await CopyAsync(connection, reader, file, before: 0, progress, cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.Finish(run, dataset), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return staged;
    }

    public async Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId baseRun,
        SourceFile? corrected,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.Truncate(run, dataset), cancellationToken);
        var published = await TotalsAsync(connection, baseRun, cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.TakeOver(run, baseRun, dataset), cancellationToken);
        var taken = await CountAsync(connection, cancellationToken);
        var parts = new List<StagedFile>
        {
            Nothing(dataset) with
            {
                Role = FileRole.Base,
                Read = published.Rows,
                Loaded = taken,
                Sums = published.Sums,
            },
        };
        if (corrected is not null)
        {
            var keys = await TakenKeysAsync(connection, baseRun, corrected, cancellationToken);
            var reader = new SnapshotReader(source, settings) { TakenKeys = keys };
            var staged = await CopyAsync(connection, reader, corrected, taken, progress, cancellationToken);
            parts.Add(staged with { Role = FileRole.Corrected });
        }

        await connection.ExecuteSqlAsync(StagingTables.Finish(run, dataset), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return parts;
    }

    private static StagedFile Nothing(Dataset dataset) => new(dataset.Name, null, "", default);

    /// <param name="connection">In the transaction that emptied the table.</param>
    /// <param name="reader">Reads the file.</param>
    /// <param name="file">The pinned file.</param>
    /// <param name="before">The rows that the table holds already.</param>
    /// <param name="progress">Receives the totals so far.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    private async Task<StagedFile> CopyAsync(
        NpgsqlConnection connection,
        SnapshotReader reader,
        SourceFile file,
        long before,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var quarantine = new QuarantineWriter(database, run, file, quality.MaxKeptRejects);
        SnapshotResult result;
        IReadOnlyList<ColumnSum> sums;
        await using var stop = new CopyStop(database, connection, cancellationToken);
        await using (
            var copy = await CopyStream.BeginAsync(connection, StagingTables.Copy(run, dataset), cancellationToken)
        )
        {
            var sink = new TableSink(dataset, copy, quarantine);
            result = await reader.ReadAsync(dataset, file, sink, progress, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
            sums = sink.Sums;
        }

        if (!result.Validator.Keys.IsComplete)
        {
            RequireNoOtherRows(file, before);
            var repeated = new RepeatedKeys(connection, run, dataset, settings.KeysAtOnce(dataset));
            var later = await repeated.ResolveAsync(reader, file, result, quarantine, cancellationToken);
            sums = SumTally.Less(sums, later);
        }

        var after = await CountAsync(connection, cancellationToken);
        var rejects = result.Validator.Rejects.ByCode();
        var rejected = await quarantine.CompleteAsync(connection, dataset, rejects, cancellationToken);
        var rowCounts = new RowCounts(result.Validator.Read, after - before, rejected, result.Validator.Skipped);
        return result.Stage(dataset, file, rowCounts) with { Sums = sums };
    }

    /// <summary>Only a file that fills a table alone can be compared with itself.</summary>
    private static void RequireNoOtherRows(SourceFile file, long before)
    {
        if (before > 0)
        {
            throw new EtlException(
                ErrorCode.SourceVolume,
                $"{file.FileName} has too many keys for a replay.",
                "Replay the corrected rows in several smaller files; nothing was changed."
            );
        }
    }

    /// <summary>The keys of the corrected rows that published rows have.</summary>
    private async Task<IReadOnlyList<byte[]>> TakenKeysAsync(
        NpgsqlConnection connection,
        RunId baseRun,
        SourceFile corrected,
        CancellationToken cancellationToken
    )
    {
        if (dataset.Key.Count == 0)
        {
            return [];
        }

        var sink = new KeySink(dataset, corrected);
        await new SnapshotReader(source, settings).ReadAsync(dataset, corrected, sink, null, cancellationToken);
        var key = new KeySql(dataset);
        var sql = key.TakenFrom(StagingTables.Name(baseRun, dataset));
        return await connection.ReadRowsAsync(sql, key.Arrays(sink.Keys), key.Read, cancellationToken);
    }

    /// <summary>
    /// The rows of the table, which this transaction emptied and filled. It costs no scan; the sums of the transform, which
    /// reads the rows themselves, confirm it.
    /// </summary>
    private Task<long> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ReadValueAsync<long>(StagingTables.Count(run, dataset), [], cancellationToken);

    /// <summary>The rows of a published table, and their sums.</summary>
    private async Task<(long Rows, IReadOnlyList<ColumnSum> Sums)> TotalsAsync(
        NpgsqlConnection connection,
        RunId published,
        CancellationToken cancellationToken
    )
    {
        await connection.ExecuteSqlAsync("set local jit = off", cancellationToken); // it costs more than it saves
        var totals = await connection.ReadRowsAsync(
            StagingTables.Total(published, dataset),
            [],
            row => (row.GetInt64(0), ColumnSums.Read(dataset, row, first: 1)),
            cancellationToken
        );
        return totals[0];
    }
}
