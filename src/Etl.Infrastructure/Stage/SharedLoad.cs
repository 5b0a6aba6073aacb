using System.Runtime.ExceptionServices;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Fills a table of a run whose parts are shared: offers them to all loaders, loads with those of this process until all are
/// loaded, then compares the keys of all rows and finishes the table.
/// </summary>
internal sealed class SharedLoad(
    NpgsqlDataSource database,
    IDistribution distribution,
    ISourceStore source,
    QualityOptions quality,
    RunOptions options,
    PartClaims claims,
    PartLoad loader,
    TimeProvider clock,
    RunId run,
    Dataset dataset,
    string loads
)
{
    /// <summary>How often a loader without a part looks whether others have left one.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ParserSettings settings = ParserSettings.Of(quality);

    public async Task<IReadOnlyList<StagedFile>> LoadAsync(
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var hash = PartClaims.SettingsOf(dataset, quality.MaxRecordBytes, quality.MaxKeptRejects);
        await claims.OfferAsync(run, dataset, parts, hash, cancellationToken);
        var sum = new SharedProgress(progress, parts.Sum(p => p.Bytes));
        await ParallelTasks.DoAsync(
            Enumerable
                .Range(0, options.Loaders)
                .Select(_ => (Func<CancellationToken, Task<int>>)(s => WorkAsync(sum, s))),
            cancellationToken
        );
        var results = await claims.ResultsAsync(run, dataset, cancellationToken);
        var loaded = parts.Zip(results, (file, result) => (File: file, Result: result!)).ToList();
        return await FinishAsync(loaded, cancellationToken);
    }

    /// <summary>Works until every part is loaded, by whichever loader.</summary>
    /// <returns>The number of parts that this loader has loaded.</returns>
    private async Task<int> WorkAsync(SharedProgress sum, CancellationToken cancellationToken)
    {
        var (loaded, failures) = (0, 0);
        while (true)
        {
            var progress = sum.Part();
            var next = await loader.NextAsync(run, dataset.Name, [], _ => dataset, progress, cancellationToken);
            if (next is null && await claims.IsLoadedAsync(run, dataset, cancellationToken))
            {
                return loaded;
            }

            if (next?.File is not null)
            {
                loaded++;
                continue;
            }

            sum.Drop(progress);
            if (next?.Error is { } error && !(next.IsTransient && failures++ < options.Retries))
            {
                ExceptionDispatchInfo.Throw(error);
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<StagedFile>> FinishAsync(
        IReadOnlyList<(SourceFile File, PartResult Result)> parts,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var reader = new SnapshotReader(source, settings);
        var quarantine = new QuarantineWriter(database, run, dataset, quality.MaxKeptRejects);
        var changes = parts.Select(p => Unchanged(p.File, p.Result.Hash)).ToList();
        if (dataset.Key.Count > 0)
        {
            var keys = new RepeatedKeys(
                connection,
                distribution,
                run,
                dataset,
                reader,
                StagingTables.Append(run, dataset)
            );
            await keys.ResolveAsync(changes, candidates: null, quarantine, cancellationToken);
        }

        var rows = await connection.ReadValueAsync<long>(StagingTables.Rows(run, dataset), [], cancellationToken);
        var changed = await new PartsFinish(connection, dataset, reader, quarantine).FinishAsync(
            changes,
            rows - parts.Sum(p => p.Result.Rows.Loaded),
            cancellationToken
        );
        await quarantine.TrimAsync(connection, cancellationToken);
        await connection.ExecuteSqlAsync(StagingTables.Finish(run, dataset, loads, distribution), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. parts.Zip(changed, (p, change) => Together(p.Result.Stage(dataset, p.File), change))];
    }

    /// <summary>A loaded part of which nothing was changed yet.</summary>
    private LoadedPart Unchanged(SourceFile file, FileHash hash)
    {
        var validator = new RowValidator(dataset, new CountingSink(), new KeyLookup(dataset, budgetBytes: 0))
        {
            Duplicates = new DuplicateRows(),
        };
        var result = new SnapshotResult(validator, file.Bytes, hash, Header: null);
        return new LoadedPart(dataset, file, result, rows: 0, new SumTally(dataset).Sums);
    }

    /// <param name="loaded">As the part's loader found it.</param>
    /// <param name="change">What the comparison of the keys changed; its rejected rows are all of the part.</param>
    private static StagedFile Together(StagedFile loaded, StagedFile change) =>
        loaded with
        {
            Loaded = loaded.Loaded + change.Loaded,
            Rejected = change.Rejected,
            RejectsByCode = loaded
                .RejectsByCode.Concat(change.RejectsByCode)
                .GroupBy(r => r.Key, r => r.Value)
                .ToDictionary(g => g.Key, g => g.Sum()),
            FirstRejects =
            [
                .. loaded
                    .FirstRejects.Concat(change.FirstRejects)
                    .OrderBy(r => r.ByteOffset)
                    .Take(RejectTally.FirstRows),
            ],
            Hints = [.. loaded.Hints.Union(change.Hints)],
            NegativeValues =
            [
                .. loaded
                    .NegativeValues.Concat(change.NegativeValues)
                    .GroupBy(n => n.Sum.Column)
                    .Select(g => new NegativeValues(g.Sum(n => n.Count), ColumnSum.Together(g.Select(n => n.Sum))[0]))
                    .Where(n => n.Count > 0),
            ],
            Sums = ColumnSum.Together(loaded.Sums.Concat(change.Sums)),
        };
}

/// <summary>Adds up the progress of parts that are read at the same time.</summary>
internal sealed class SharedProgress(IProgress<LoadProgress>? to, long totalBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<object, LoadProgress> parts = [];

    /// <summary>For the next part of a loader.</summary>
    public IProgress<LoadProgress> Part() => new PartOf(this);

    /// <summary>Forgets a part that was not loaded.</summary>
    public void Drop(IProgress<LoadProgress> part)
    {
        lock (gate)
        {
            parts.Remove(part);
        }
    }

    private void Report(object part, LoadProgress value)
    {
        lock (gate)
        {
            parts[part] = value;
            to?.Report(
                value with
                {
                    BytesRead = parts.Values.Sum(p => p.BytesRead),
                    TotalBytes = totalBytes,
                    RowsRead = parts.Values.Sum(p => p.RowsRead),
                }
            );
        }
    }

    private sealed class PartOf(SharedProgress all) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => all.Report(this, value);
    }
}
