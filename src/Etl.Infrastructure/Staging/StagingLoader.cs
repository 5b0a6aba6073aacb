using System.Collections.Concurrent;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Domain.Runs;
using Etl.Infrastructure.Csv;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Staging;

internal sealed class StagingLoader(NpgsqlDataSource database, ISourceStore source, IOptions<QualityOptions> quality)
    : IStagingLoader
{
    private readonly ConcurrentDictionary<RunId, KeptRejects> kept = new();

    public Task PrepareAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"make the tables of run {run}",
            async () =>
            {
                kept[run] = new KeptRejects(quality.Value.MaxKeptRejects);
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ForgetRejectsAsync(connection, run, cancellationToken);
                await ExecuteAsync(connection, StagingTables.Drop(run), cancellationToken);
                await ExecuteAsync(connection, StagingTables.Create(run), cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        );

    public Task<StagedFile> LoadAsync(
        RunId run,
        Dataset dataset,
        SourceFile? file,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        file is null
            ? Task.FromResult(Nothing(dataset))
            : database.GuardAsync(
                $"load {dataset}",
                () => LoadFileAsync(run, dataset, file, progress, cancellationToken)
            );

    /// <summary>The three tables at once, as their files were.</summary>
    public Task CompleteAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"finish the tables of run {run}",
            async () =>
            {
                kept.TryRemove(run, out _);
                await Parallel.ForEachAsync(
                    Dataset.All,
                    cancellationToken,
                    async (dataset, stop) =>
                    {
                        await using var connection = await database.OpenConnectionAsync(stop);
                        await ExecuteAsync(connection, StagingTables.Complete(run, dataset), stop);
                    }
                );
            }
        );

    public Task DropAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"drop the tables of run {run}",
            async () =>
            {
                kept.TryRemove(run, out _);
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await ExecuteAsync(connection, StagingTables.Drop(run), cancellationToken);
            }
        );

    /// <summary>Rows, counts and the last rejects are one transaction: a file is loaded, or it is not.</summary>
    private async Task<StagedFile> LoadFileAsync(
        RunId run,
        Dataset dataset,
        SourceFile file,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var reader = new SnapshotReader(source, ParserSettings.Of(quality.Value));
        var keep = kept.GetOrAdd(run, _ => new KeptRejects(quality.Value.MaxKeptRejects));
        var quarantine = new Quarantine(database, run, file, keep);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, StagingTables.Truncate(run, dataset), cancellationToken);
        SnapshotResult result;
        await using (
            var copy = await CopyStream.BeginAsync(connection, StagingTables.Copy(run, dataset), cancellationToken)
        )
        {
            var sink = new TableSink(dataset, copy, quarantine);
            result = await reader.ReadAsync(dataset, file, sink, progress, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        var loaded = await CountAsync(connection, StagingTables.Count(run, dataset), cancellationToken);
        var rejects = result.Judge.Rejects.ByCode();
        var quarantined = await quarantine.CompleteAsync(connection, dataset, rejects, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result.Stage(dataset, file, new Books(result.Judge.Read, loaded, quarantined));
    }

    private static async Task<long> CountAsync(
        NpgsqlConnection connection,
        string count,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(count, connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ForgetRejectsAsync(
        NpgsqlConnection connection,
        RunId run,
        CancellationToken cancellationToken
    )
    {
        foreach (var table in new[] { "etl.quarantine", "etl.rejects" })
        {
            await using var command = new NpgsqlCommand($"delete from {table} where run_id = $1", connection)
            {
                CommandTimeout = 0,
            };
            command.Parameters.Add(new NpgsqlParameter { Value = run.ToString() });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>No time limit of its own: the run's deadline is the one that counts.</summary>
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static StagedFile Nothing(Dataset dataset) =>
        new(dataset.Name, null, "", 0, default, new Dictionary<RejectCode, long>(), [], []);
}
