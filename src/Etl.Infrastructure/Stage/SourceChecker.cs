using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Stage;

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
        if (!result.Validator.Keys.IsComplete)
        {
            await CheckKeysAsync(reader, dataset, file, result, cancellationToken);
        }

        var (read, skipped) = (result.Validator.Read, result.Validator.Skipped);
        var rejected = result.Validator.Rejects.Total;
        return result.Stage(dataset, file, new RowCounts(read, read - skipped - rejected, rejected, skipped));
    }

    /// <summary>
    /// More keys than fit into memory, and no database to compare them: the file is read again for the candidates. Where even
    /// these do not fit, it is read once for each share of the keys.
    /// </summary>
    private static async Task CheckKeysAsync(
        SnapshotReader reader,
        Dataset dataset,
        SourceFile file,
        SnapshotResult first,
        CancellationToken cancellationToken
    )
    {
        var keys = first.Validator.Keys;
        if (keys.Candidates is { } candidates)
        {
            await ReadAgainAsync(candidates.Contains);
            return;
        }

        var shares = (keys.MemoryOf(first.Validator.Read) / reader.Settings.KeyBudgetBytes) + 1;
        first.Validator.Rejects.Drop(RejectCode.DuplicateKey);
        for (var share = 0L; share < shares; share++)
        {
            var mine = share;
            await ReadAgainAsync(key => ShareOf(key, shares) == mine);
        }

        async Task ReadAgainAsync(Func<ReadOnlySpan<byte>, bool> isWanted)
        {
            var validator = new DuplicateKeyCheck(dataset, new CountingSink(), isWanted);
            await reader.ReadAgainAsync(dataset, file, first, validator, cancellationToken);
            first.Validator.Rejects.Add(validator.Rejects);
        }
    }

    /// <summary>From other bits of the hash than those that choose a slot in a <see cref="KeySet"/>.</summary>
    private static long ShareOf(ReadOnlySpan<byte> key, long shares) =>
        (long)((KeySet.HashOf(key) * 0x9E3779B97F4A7C15UL >> 33) % (ulong)shares);
}
