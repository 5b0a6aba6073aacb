using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Infrastructure.Csv;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Staging;

internal sealed class SourceChecker(ISourceStore source, IOptions<QualityOptions> quality, long keyBudgetBytes)
    : ISourceChecker
{
    public SourceChecker(ISourceStore source, IOptions<QualityOptions> quality)
        : this(source, quality, ParserSettings.DefaultKeyBudget) { }

    public async Task<StagedFile> CheckAsync(
        Dataset dataset,
        SourceFile file,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var settings = ParserSettings.Of(quality.Value) with { KeyBudgetBytes = keyBudgetBytes };
        var reader = new SnapshotReader(source, settings);
        var result = await reader.ReadAsync(dataset, file, new CountingSink(), progress, cancellationToken);
        if (result.Judge.HasUnknownKeys)
        {
            await CheckKeysAsync(reader, dataset, file, result, cancellationToken);
        }

        var (read, rejected) = (result.Judge.Read, result.Judge.Rejects.Total);
        return result.Stage(dataset, file, new Books(read, read - rejected, rejected));
    }

    /// <summary>
    /// More keys than fit into memory, and no database to ask: the file is read once for every share of the keys.
    /// </summary>
    private static async Task CheckKeysAsync(
        SnapshotReader reader,
        Dataset dataset,
        SourceFile file,
        SnapshotResult first,
        CancellationToken cancellationToken
    )
    {
        var shares = (first.Judge.Read / reader.Settings.KeysAtOnce) + 1;
        first.Judge.Rejects.Drop(RejectCode.DuplicateKey);
        for (var share = 0L; share < shares; share++)
        {
            var mine = share;
            var judge = new RepeatJudge(dataset, new CountingSink(), key => ShareOf(key, shares) == mine);
            await reader.ReadAgainAsync(dataset, file, first, judge, cancellationToken);
            first.Judge.Rejects.Add(judge.Rejects);
        }
    }

    private static long ShareOf(long key, long shares) =>
        (long)(((ulong)key * 0x9E3779B97F4A7C15UL >> 33) % (ulong)shares);
}
