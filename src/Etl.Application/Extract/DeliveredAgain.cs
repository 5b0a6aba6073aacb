using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Application.Extract;

/// <summary>The published files of a dataset, and those that are there now: one, its parts, or none.</summary>
internal sealed record DeliveredAgain(
    Dataset Dataset,
    IReadOnlyList<FileRecord> Published,
    IReadOnlyList<SourceFile> Current
)
{
    /// <summary>Hashes of the current files that have another version.</summary>
    private Dictionary<string, FileHash> Hashes { get; init; } = [];

    public bool HasOtherVersion => Current.Any(IsOtherVersion);

    /// <summary>The first contradiction between a current file and what its sender states; null if there is none.</summary>
    public EtlError? Contradiction =>
        (
            from file in Current
            where Hashes.ContainsKey(file.Uri)
            from stated in file.Stated
            let hash = Hashes[file.Uri]
            select DeliveryCheck.HashError(file.FileName, file.Uri, stated, hash.Sha256, hash.Md5)
        ).FirstOrDefault(e => e is not null);

    /// <summary>Reads the current files that have another version.</summary>
    public async Task<DeliveredAgain> HashAsync(ISourceStore source, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<string, FileHash>();
        foreach (var file in Current.Where(IsOtherVersion))
        {
            hashes[file.Uri] = await FileHash.OfAsync(source, file, cancellationToken);
        }

        return this with
        {
            Hashes = hashes,
        };
    }

    /// <summary>The current files whose bytes no published file has.</summary>
    public IEnumerable<RedeliveredFile> Changed()
    {
        var left = Published.Select(p => p.Sha256).ToList();
        foreach (var file in Current.OrderBy(IsOtherVersion).Where(f => !left.Remove(Sha256Of(f))))
        {
            var before = PublishedAs(file) ?? (Published.Count == 1 && Current.Count == 1 ? Published[0] : null);
            yield return new(file.FileName, file.Bytes, before is { Uri.Length: > 0 } ? before.Bytes : null);
        }
    }

    /// <summary>Texts that are the same for the same bytes and statements.</summary>
    public IEnumerable<string> Identify() =>
        Current.Count == 0
            ? [$"{Dataset.Name} {string.Join(' ', Published.Select(p => p.Sha256))} "]
            : Current.Select(f => $"{Dataset.Name} {Sha256Of(f)} {string.Join(' ', f.Stated)}");

    private bool IsOtherVersion(SourceFile file) => PublishedAs(file)?.Version != file.Version;

    private string Sha256Of(SourceFile file) =>
        Hashes.TryGetValue(file.Uri, out var hash) ? hash.Sha256 : PublishedAs(file)!.Sha256;

    private FileRecord? PublishedAs(SourceFile file) => Published.FirstOrDefault(p => p.Uri == file.Uri);
}
