using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>Finds and reads the small files beside the source files of a day, each by its exact name.</summary>
internal sealed class Sidecars(
    ISourceStore source,
    BusinessDate date,
    DeliveryOptions settings,
    CancellationToken cancellationToken
)
{
    /// <summary>Reads all of them at once: a bucket answers each request by itself.</summary>
    /// <exception cref="Errors.EtlException">One cannot be read, or has the wrong format.</exception>
    public async Task<Delivery> ReadAsync(IReadOnlyList<SourceFile> files)
    {
        var marker = FindAsync(settings.Marker);
        var control = string.IsNullOrEmpty(settings.Control)
            ? Task.FromResult<SourceFile?>(null)
            : FindAsync(settings.Control);
        var list = ListAsync();
        var own = files.SelectMany(f => new[] { OwnAsync(f, md5: false), OwnAsync(f, md5: true) }).ToList();
        await Task.WhenAll([marker, control, list, .. own]);
        var rows = await control is { } found
            ? ControlFile.Parse(found, await source.ReadAsync(found, cancellationToken))
            : null;
        var stated = own.SelectMany(o => o.Result)
            .Concat(await list)
            .Concat((rows ?? new Dictionary<string, StatedContent>()).Select(r => (Name: r.Key, Content: r.Value)));
        return new Delivery(
            await marker,
            await control,
            stated.ToLookup(s => s.Name, s => s.Content),
            files.Select(f => f.FileName).ToHashSet()
        );
    }

    private Task<SourceFile?> FindAsync(string name) => source.FindAsync(date, [name], cancellationToken);

    private async Task<IReadOnlyList<(string Name, StatedContent Content)>> ListAsync() =>
        await FindAsync(ChecksumFile.ListName) is { } list
            ? ChecksumFile.Parse(list, await source.ReadAsync(list, cancellationToken), md5: false)
            : [];

    private async Task<IReadOnlyList<(string Name, StatedContent Content)>> OwnAsync(SourceFile file, bool md5) =>
        await FindAsync($"{file.FileName}.{(md5 ? "md5" : "sha256")}") is { } sum
            ? [(file.FileName, ChecksumFile.ParseOf(file, sum, await source.ReadAsync(sum, cancellationToken), md5))]
            : [];
}
