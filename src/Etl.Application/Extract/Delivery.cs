using Etl.Application.Options;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>What a sender delivered beside the files of a day.</summary>
/// <param name="Marker">The marker; null if there is none.</param>
/// <param name="Control">The control file; null if there is none.</param>
/// <param name="Stated">What is stated, by the name of the file that it is about.</param>
/// <param name="Found">The names of the day's files.</param>
internal sealed record Delivery(
    SourceFile? Marker,
    SourceFile? Control,
    ILookup<string, StatedContent> Stated,
    IReadOnlySet<string> Found
)
{
    /// <summary>The file with what is stated about it, also by a marker that applies.</summary>
    /// <param name="file">The file; may be null.</param>
    /// <param name="marked">The files that a marker is about; empty for none.</param>
    public SourceFile? WithStated(SourceFile? file, IReadOnlyList<SourceFile> marked)
    {
        IEnumerable<StatedContent> marker = marked.Count > 0 && IsMarked(marked) ? [new(Marker!.FileName)] : [];
        return file is null ? null : file with { Stated = [.. Stated[file.FileName], .. marker] };
    }

    /// <summary>The newest file that was written after the marker; null if there is no marker or no such file.</summary>
    public SourceFile? NewerThanMarker(IReadOnlyList<SourceFile> files) =>
        Marker is null ? null : files.Where(f => f.ModifiedAt > Marker.ModifiedAt).MaxBy(f => f.ModifiedAt);

    /// <summary>Whether a marker states that these files are complete.</summary>
    public bool IsMarked(IReadOnlyList<SourceFile> files) => Marker is not null && NewerThanMarker(files) is null;

    /// <summary>Whether a checksum or the control file states what is required about a file.</summary>
    public bool Has(DeliveryEvidence required, SourceFile file) =>
        required switch
        {
            DeliveryEvidence.Checksum => Stated[file.FileName].Any(s => s.Sha256 is not null || s.Md5 is not null),
            DeliveryEvidence.Control => Stated[file.FileName].Any(s => s.Rows is not null),
            _ => Stated[file.FileName].Any(),
        };

    /// <summary>The names in a list that none of the found files has, each with the list.</summary>
    public IEnumerable<(string Name, string By)> ListedWithoutFile() =>
        Stated.Where(s => !Found.Contains(s.Key)).Select(s => (s.Key, s.First().By));
}
