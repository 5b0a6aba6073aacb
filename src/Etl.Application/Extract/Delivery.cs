using Etl.Application.Options;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>What a sender delivered beside the files of a day.</summary>
/// <param name="Markers">The markers, by their folders below the source; one of the source itself is about all files.</param>
/// <param name="HasControl">Whether there is a control file.</param>
/// <param name="Stated">What is stated, by the path of the file that it is about.</param>
/// <param name="Found">The paths of the day's files.</param>
internal sealed record Delivery(
    IReadOnlyDictionary<string, SourceFile> Markers,
    bool HasControl,
    ILookup<string, StatedContent> Stated,
    IReadOnlySet<string> Found
)
{
    /// <summary>The file with what is stated about it, also by a marker that applies.</summary>
    /// <param name="file">The file; may be null.</param>
    /// <param name="marked">The files that a marker is about; empty for none.</param>
    public SourceFile? WithStated(SourceFile? file, IReadOnlyList<SourceFile> marked)
    {
        if (file is null)
        {
            return null;
        }

        IEnumerable<StatedContent> marker = marked.Count > 0 && IsMarked(marked) ? [new(MarkerOf(file)!.Path)] : [];
        return file with { Stated = [.. Stated[file.Path], .. marker] };
    }

    /// <summary>The newest file that was written after its marker; null if there is no such file.</summary>
    public SourceFile? NewerThanMarker(IReadOnlyList<SourceFile> files) =>
        files.Where(f => f.ModifiedAt > MarkerOf(f)?.ModifiedAt).MaxBy(f => f.ModifiedAt);

    /// <summary>Whether markers state that these files are complete.</summary>
    public bool IsMarked(IReadOnlyList<SourceFile> files) =>
        Markers.Count > 0 && files.All(f => MarkerOf(f)?.ModifiedAt >= f.ModifiedAt);

    /// <summary>Whether a checksum or the control file states what is required about a file.</summary>
    public bool Has(DeliveryEvidence required, SourceFile file) =>
        required switch
        {
            DeliveryEvidence.Checksum => Stated[file.Path].Any(s => s.Sha256 is not null || s.Md5 is not null),
            DeliveryEvidence.Control => Stated[file.Path].Any(s => s.Rows is not null),
            _ => Stated[file.Path].Any(),
        };

    /// <summary>The paths in a list that none of the found files has, each with the list.</summary>
    public IEnumerable<(string Path, string By)> ListedWithoutFile() =>
        Stated.Where(s => !Found.Contains(s.Key)).Select(s => (s.Key, s.First().By));

    private SourceFile? MarkerOf(SourceFile file) =>
        Markers.GetValueOrDefault(file.Folder) ?? Markers.GetValueOrDefault("");
}
