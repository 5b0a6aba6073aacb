using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Extract;

/// <summary>
/// A file is read by the store that its own address names: a corrected file may lie in a folder while the snapshots arrive in a
/// bucket, or the other way round.
/// </summary>
internal sealed class LocatedSource(string location, FolderSource folder, S3Source bucket) : ISourceStore
{
    public string Describe(BusinessDate date) => Of(location).Describe(date);

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) => Of(location).FindAsync(date, fileNames, cancellationToken);

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        Of(location).PinAsync(location, cancellationToken);

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Of(file.Uri).OpenAsync(file, cancellationToken);

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) =>
        Of(file.Uri).VerifyUnchangedAsync(file, cancellationToken);

    private ISourceStore Of(string place) => S3Address.IsOne(place) ? bucket : folder;
}
