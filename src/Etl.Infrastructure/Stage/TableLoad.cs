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
using Etl.Infrastructure.Stage.Rollups;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Fills one table of a run. Rows, rollups, counts and the last rejects are one transaction; the rows of further sessions are
/// committed before it.
/// </summary>
internal sealed class TableLoad(
    NpgsqlDataSource database,
    IDistribution distribution,
    ISourceReader source,
    QualityOptions quality,
    RunId run,
    Dataset dataset,
    RollupCatalog rollups,
    string loads,
    long keyBudgetBytes,
    Func<RejectedRow, RejectedRow>? describe = null,
    LoadStreams? streams = null
)
{
    private readonly ParserSettings settings = ParserSettings.Of(quality) with { KeyBudgetBytes = keyBudgetBytes };

    public async Task<IReadOnlyList<StagedFile>> LoadAsync(
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var further = streams is null
            ? null
            : await streams.OpenAsync(connection, run, dataset, parts, cancellationToken);
        if (further is null)
        {
            await EmptyAsync(connection, cancellationToken);
        }

        RollupTally[] tallies =
        [
            .. rollups.Of(dataset.Name).Select(r => RollupTally.Begin(r, dataset)).OfType<RollupTally>(),
        ];
        var staged =
            parts.Count == 0
                ? [Nothing(dataset)]
                : await CopyAsync(connection, further, parts, new Earlier(0, []), tallies, progress, cancellationToken);
        await WriteAsync(connection, tallies, cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.Finish(run, dataset, loads, distribution), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return staged;
    }

    public async Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId baseRun,
        IReadOnlyList<SourceFile> corrected,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EmptyAsync(connection, cancellationToken);
        var published = await TotalsAsync(connection, baseRun, cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.TakeOver(run, baseRun, dataset), cancellationToken);
        var added = distribution.CountAdded(StagingTables.Name(run, dataset));
        var taken = await connection.ReadValueAsync<long>(added, [], cancellationToken);
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
        if (corrected.Count > 0)
        {
            var keys = await TakenKeysAsync(connection, baseRun, corrected, cancellationToken);
            var staged = await CopyAsync(
                connection,
                null,
                corrected,
                new Earlier(taken, keys),
                [],
                progress,
                cancellationToken
            );
            parts.AddRange(staged.Select(f => f with { Role = FileRole.Corrected }));
        }

        await connection.ExecuteSqlAsync(StagingTables.Finish(run, dataset, loads, distribution), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return parts;
    }

    /// <summary>A second attempt finds nothing of the first.</summary>
    private Task EmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var dropped = rollups.Of(dataset.Name).Select(r => StagingTables.DropRollup(run, r));
        var sql = string.Join(";\n", dropped.Prepend(StagingTables.Truncate(run, dataset)));
        return connection.ExecuteSqlAsync(sql, cancellationToken);
    }

    private static StagedFile Nothing(Dataset dataset) => new(dataset.Name, null, "", default);

    /// <summary>Reads the parts one after another, each with its own COPY: the database counts the rows of each.</summary>
    /// <param name="connection">In the transaction that emptied the table, unless there are further sessions.</param>
    /// <param name="further">More sessions for the same table, which was empty; null for none.</param>
    /// <param name="parts">The pinned files, in order.</param>
    /// <param name="earlier">The rows that the table holds already.</param>
    /// <param name="tallies">Computed from the rows; none where the table holds other rows.</param>
    /// <param name="progress">Receives the totals so far.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    private async Task<IReadOnlyList<StagedFile>> CopyAsync(
        NpgsqlConnection connection,
        FurtherSessions? further,
        IReadOnlyList<SourceFile> parts,
        Earlier earlier,
        RollupTally[] tallies,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var reader = new SnapshotReader(source, settings);
        var quarantine = new QuarantineWriter(database, run, dataset, quality.MaxKeptRejects);
        var keys = reader.NewKeys(dataset, parts);
        keys.Take(earlier.Keys);
        await using var stop = new CopyStop(database, connection, cancellationToken);
        var loaded = new List<LoadedPart>();
        var total = earlier.Rows;
        var sum = new PartProgress(progress, parts.Sum(p => p.Bytes));
        var command = further is null ? StagingTables.Copy(run, dataset) : StagingTables.Append(run, dataset);
        NpgsqlConnection[] sessions = [connection, .. further?.Connections ?? []];
        var copy = new PartCopy(sessions, distribution, run, dataset, reader, quarantine, tallies, describe);
        foreach (var file in parts)
        {
            var (result, sums) = await copy.CopyAsync(
                file,
                keys,
                isAlone: parts.Count == 1,
                command,
                sum,
                cancellationToken
            );
            var before = total;
            total = await copy.CountAsync(cancellationToken);
            loaded.Add(new LoadedPart(dataset, file, result, total - before, sums));
            sum.Next();
        }

        if (further is not null)
        {
            await further.CommitAsync(cancellationToken);
        }

        if (!keys.IsComplete)
        {
            RequireNoOtherRows(parts[0], earlier.Rows);
            await new RepeatedKeys(connection, distribution, run, dataset, reader, command).ResolveAsync(
                loaded,
                keys.Candidates,
                quarantine,
                cancellationToken
            );
            total = await connection.ReadValueAsync<long>(StagingTables.Rows(run, dataset), [], cancellationToken);
            if (loaded.Any(p => p.HasWithdrawn))
            {
                Array.ForEach(tallies, t => t.Void());
            }
        }

        return await new PartsFinish(connection, dataset, reader, quarantine).FinishAsync(
            loaded,
            total - earlier.Rows,
            cancellationToken
        );
    }

    /// <summary>Writes the rollups that are complete; the transform executes the statements of the others.</summary>
    private async Task WriteAsync(
        NpgsqlConnection connection,
        IEnumerable<RollupTally> tallies,
        CancellationToken cancellationToken
    )
    {
        foreach (var tally in tallies.Where(t => !t.IsVoid))
        {
            await connection.ExecuteSqlAsync(StagingTables.CreateRollup(run, tally.Rollup), cancellationToken);
            var sql = StagingTables.CopyRollup(run, tally.Rollup);
            await using var copy = await CopyStream.BeginAsync(connection, sql, cancellationToken);
            await tally.WriteAsync(copy, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }
    }

    /// <summary>Only files that fill a table alone can be compared with themselves.</summary>
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
        IReadOnlyList<SourceFile> corrected,
        CancellationToken cancellationToken
    )
    {
        if (dataset.Key.Count == 0)
        {
            return [];
        }

        var sink = new KeySink(dataset);
        foreach (var file in corrected)
        {
            await new SnapshotReader(source, settings).ReadAsync(dataset, file, sink, null, cancellationToken);
        }

        var key = new KeySql(dataset);
        var sql = key.TakenFrom(StagingTables.Name(baseRun, dataset));
        return await connection.ReadRowsAsync(sql, key.Arrays(sink.Keys), key.Read, cancellationToken);
    }

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

    /// <summary>What a table holds before files are read into it.</summary>
    /// <param name="Rows">The number of its rows.</param>
    /// <param name="Keys">Those of their keys that the files have, too.</param>
    private sealed record Earlier(long Rows, IReadOnlyList<byte[]> Keys);
}
