using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Benchmarks;

/// <summary>The files of one folder, without version checks.</summary>
internal sealed class FolderSource(string folder) : ISourceStore
{
    public string Describe(BusinessDate date) => folder;

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            fileNames
                .Select(n => new FileInfo(Path.Combine(folder, n)))
                .Where(f => f.Exists)
                .Select(f => new SourceFile(f.FullName, f.Name, "v1", f.Length))
                .FirstOrDefault()
        );

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(
            new FileStream(file.Uri, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0)
        );

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => Task.CompletedTask;
}
