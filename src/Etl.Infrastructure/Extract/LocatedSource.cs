using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Extract;

/// <summary>
/// Selects the store by each file's address: a corrected file can be in a folder while the snapshots are in a bucket, and
/// vice versa.
/// </summary>
internal sealed class LocatedSource(string location, FolderSource folder, S3Source bucket) : ISourceStore
{
    public string Describe(BusinessDate date) => Of(location).Describe(date);

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) => Of(location).FindAsync(date, fileNames, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(
        BusinessDate date,
        string below,
        string beginning,
        CancellationToken cancellationToken
    ) => Of(location).ListAsync(date, below, beginning, cancellationToken);

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        Of(location).PinAsync(location, cancellationToken);

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Of(file.Uri).OpenAsync(file, cancellationToken);

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) =>
        Of(file.Uri).VerifyUnchangedAsync(file, cancellationToken);

    private ISourceStore Of(string place) => S3Address.IsS3(place) ? bucket : folder;
}
