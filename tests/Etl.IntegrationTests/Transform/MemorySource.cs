using System.Text;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.IntegrationTests.Transform;

/// <summary>Files in memory, as the optional files beside the sources.</summary>
internal sealed class MemorySource : ISourceStore
{
    private readonly Dictionary<string, byte[]> files = [];

    public SourceFile Add(string name, byte[] content)
    {
        files[name] = content;
        return new SourceFile($"file:///shop/{name}", name, "1", content.Length);
    }

    public SourceFile Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    public string Describe(BusinessDate date) => "file:///shop";

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> names,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(files[file.FileName]));

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => Task.CompletedTask;
}
