using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Benchmarks;

/// <summary>Files in memory.</summary>
internal sealed class InMemory(IReadOnlyDictionary<string, byte[]> files) : ISourceStore
{
    public string Describe(BusinessDate date) => "memory:///";

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) => Task.FromResult<SourceFile?>(null);

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(files[file.FileName]));

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => Task.CompletedTask;
}
