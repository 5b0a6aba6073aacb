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

    public async Task<IReadOnlyList<StagedFile>> CheckAsync(
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var settings = ParserSettings.Of(quality.Value) with { KeyBudgetBytes = keyBudgetBytes };
        var reader = new SnapshotReader(source, settings);
        var keys = reader.NewKeys(dataset, parts);
        var sum = new PartProgress(progress, parts.Sum(p => p.Bytes));
        var read = new List<ReadPart>();
        foreach (var file in parts)
        {
            var validator = ReadPart.Validator(dataset, new CountingSink(), keys, isAlone: parts.Count == 1);
            read.Add(new ReadPart(file, await reader.ReadAsync(dataset, file, validator, sum, cancellationToken)));
            sum.Next();
        }

        if (!keys.IsComplete)
        {
            await CheckKeysAsync(reader, dataset, read, keys, cancellationToken);
        }

        await new FirstRows(dataset, reader).NameAsync(read, cancellationToken);
        return [.. read.Select(p => p.Result.Stage(dataset, p.File, CountsOf(p.Result.Validator)))];
    }

    private static RowCounts CountsOf(RowValidator read) =>
        new(read.Read, read.Read - read.Skipped - read.Rejects.Total, read.Rejects.Total, read.Skipped);

    /// <summary>
    /// More keys than fit into memory, and no database to compare them: the parts are read again for the candidates. Where even
    /// these do not fit, they are read once for each share of the keys.
    /// </summary>
    private static async Task CheckKeysAsync(
        SnapshotReader reader,
        Dataset dataset,
        List<ReadPart> parts,
        KeyLookup keys,
        CancellationToken cancellationToken
    )
    {
        if (keys.Candidates is { } candidates)
        {
            await ReadAgainAsync(candidates.Contains);
            return;
        }

        var shares = (keys.MemoryOf(parts.Sum(p => p.Result.Validator.Read)) / reader.Settings.KeyBudgetBytes) + 1;
        parts.ForEach(p => p.Result.Validator.Rejects.Drop(RejectCode.DuplicateKey));
        for (var share = 0L; share < shares; share++)
        {
            var mine = share;
            await ReadAgainAsync(key => ShareOf(key, shares) == mine);
        }

        async Task ReadAgainAsync(Func<ReadOnlySpan<byte>, bool> isWanted)
        {
            var seen = new KeySet(long.MaxValue);
            foreach (var part in parts)
            {
                var first = part.Result.Validator;
                var validator = new DuplicateKeyCheck(dataset, new CountingSink(), isWanted, seen)
                {
                    Duplicates = first.Duplicates,
                };
                await reader.ReadAgainAsync(dataset, part.File, part.Result, validator, cancellationToken);
                first.Rejects.Add(validator.Rejects);
            }
        }
    }

    /// <summary>From other bits of the hash than those that choose a slot in a <see cref="KeySet"/>.</summary>
    private static long ShareOf(ReadOnlySpan<byte> key, long shares) =>
        (long)((KeySet.HashOf(key) * 0x9E3779B97F4A7C15UL >> 33) % (ulong)shares);
}
