using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>The files of a dataset in one role, together: its parts. A dataset of one file has one part.</summary>
/// <param name="Parts">The files, at least one, in order.</param>
internal sealed record StagedParts(IReadOnlyList<StagedFile> Parts)
{
    public string Dataset => Parts[0].Dataset;

    public FileRole Role => Parts[0].Role;

    public RowCounts RowCounts => Parts.Aggregate(default(RowCounts), (sum, p) => sum + p.RowCounts);

    public long Bytes => Parts.Sum(p => p.Bytes);

    /// <summary>Their name in a message.</summary>
    public string Name => Parts.Count == 1 ? Parts[0].FileName : $"{Dataset} ({Parts.Count} parts)";

    /// <summary>The beginning of a sentence about what they contain.</summary>
    public string Subject =>
        Parts.Count == 1 ? $"The {Dataset} file has" : $"The {Parts.Count} {Dataset} files together have";

    /// <summary>Their location; of several, what their locations begin with.</summary>
    public string Uri => Parts.Count == 1 ? Parts[0].Uri : $"{Parts.Select(p => p.Uri).Aggregate(CommonBeginning)}*";

    /// <summary>The hashes of their bytes, in any order: a part may have another name.</summary>
    public IReadOnlyList<string> Hashes => HashesOf(Parts);

    /// <summary>The files of each dataset and role, in their order.</summary>
    public static IReadOnlyList<StagedParts> Of(IEnumerable<StagedFile> files) =>
        [.. files.GroupBy(f => (f.Dataset, f.Role)).Select(g => new StagedParts([.. g]))];

    public static IReadOnlyList<string> HashesOf(IEnumerable<FileRecord> parts) =>
        [.. parts.Select(p => p.Sha256).Order(StringComparer.Ordinal)];

    private static string CommonBeginning(string one, string other) =>
        one[..one.Zip(other).TakeWhile(c => c.First == c.Second).Count()];
}
