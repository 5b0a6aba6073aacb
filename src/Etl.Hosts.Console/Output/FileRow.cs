using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary>A row of a table of files: a file, or all parts of a dataset together.</summary>
/// <param name="Name">The name of the file, or the dataset.</param>
/// <param name="Files">The file, or the parts.</param>
/// <param name="IsPart">Whether another row has the sum of this one and others.</param>
internal sealed record FileRow(string Name, IReadOnlyList<FileRecord> Files, bool IsPart)
{
    /// <summary>More parts are shown by their sum alone; JSON and <c>etl runs show</c> list all.</summary>
    private const int MostParts = 12;

    public string Dataset => Files[0].Dataset;

    public long Read => Files.Sum(f => f.Read);

    public long Loaded => Files.Sum(f => f.Loaded);

    public long Rejected => Files.Sum(f => f.Rejected);

    public long Bytes => Files.Sum(f => f.Bytes);

    public string Sha256 => Files.Count == 1 ? HistoryText.Short(Files[0].Sha256) : "";

    /// <summary>A row for each file; a dataset of several parts has another one for their sum.</summary>
    public static IEnumerable<FileRow> Of(IEnumerable<FileRecord> files) =>
        files
            .GroupBy(f => (f.Dataset, f.Role))
            .SelectMany(g =>
                g.ToList() is { Count: > 1 } parts
                    ? [.. parts.Count > MostParts ? [] : parts.Select(p => new FileRow(p.Part, [p], true)), Sum(parts)]
                    : g.Select(f => new FileRow(HistoryText.FileName(f), [f], IsPart: false))
            );

    private static FileRow Sum(List<FileRecord> parts) =>
        new($"{parts[0].Dataset} ({parts.Count} parts)", parts, IsPart: false);
}
