using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>
/// Finds and reads the small files beside the source files of a day, each by its exact name: in the source itself and in
/// the sub-folders of the files.
/// </summary>
internal sealed class Sidecars(
    ISourceStore source,
    BusinessDate date,
    DeliveryOptions settings,
    CancellationToken cancellationToken
)
{
    /// <summary>Files whose sidecars are looked up at once.</summary>
    private const int FilesAtOnce = 16;

    /// <summary>Reads many of them at once: a bucket answers each request by itself.</summary>
    /// <exception cref="Errors.EtlException">One cannot be read, or has the wrong format.</exception>
    public async Task<Delivery> ReadAsync(IReadOnlyList<SourceFile> files)
    {
        var folders = files.Select(f => f.Folder).Append("").Distinct().ToList();
        var markers = folders.ConvertAll(f => FindAsync(f, settings.Marker));
        var controls = folders.ConvertAll(f => FindAsync(f, settings.Control));
        var lists = folders.ConvertAll(ListAsync);
        var own = new List<Task<IEnumerable<(string Path, StatedContent Content)>>>();
        foreach (var some in files.Chunk(FilesAtOnce))
        {
            own.AddRange(some.SelectMany(f => new[] { OwnAsync(f, md5: false), OwnAsync(f, md5: true) }));
            await Task.WhenAll(own);
        }

        await Task.WhenAll([.. markers, .. controls, .. lists]);
        var control = controls.Select(c => c.Result).OfType<SourceFile>().ToList();
        var rows = await Task.WhenAll(control.Select(RowsAsync));
        return new Delivery(
            markers.Select(m => m.Result).OfType<SourceFile>().ToDictionary(m => m.Folder),
            control.Count > 0,
            own.Concat(lists)
                .SelectMany(l => l.Result)
                .Concat(rows.SelectMany(r => r))
                .ToLookup(s => s.Path, s => s.Content),
            files.Select(f => f.Path).ToHashSet()
        );
    }

    private Task<SourceFile?> FindAsync(string folder, string? name) =>
        string.IsNullOrEmpty(name)
            ? Task.FromResult<SourceFile?>(null)
            : source.FindAsync(date, [FilePattern.PathOf(folder, name)], cancellationToken);

    private async Task<IEnumerable<(string Path, StatedContent Content)>> ListAsync(string folder) =>
        await FindAsync(folder, ChecksumFile.ListName) is { } list
            ? ChecksumFile
                .Parse(list, await source.ReadAsync(list, cancellationToken), md5: false)
                .Select(l => (FilePattern.PathOf(folder, l.Name), l.Content))
            : [];

    private async Task<IEnumerable<(string Path, StatedContent Content)>> RowsAsync(SourceFile control) =>
        ControlFile
            .Parse(control, await source.ReadAsync(control, cancellationToken))
            .Select(r => (FilePattern.PathOf(control.Folder, r.Key), r.Value));

    private async Task<IEnumerable<(string Path, StatedContent Content)>> OwnAsync(SourceFile file, bool md5) =>
        await FindAsync(file.Folder, $"{file.FileName}.{(md5 ? "md5" : "sha256")}") is { } sum
            ? [(file.Path, ChecksumFile.ParseOf(file, sum, await source.ReadAsync(sum, cancellationToken), md5))]
            : [];
}
