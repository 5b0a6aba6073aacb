using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.TestKit;

/// <summary>A source with files in memory.</summary>
/// <param name="pieceSize">Maximum number of bytes per read.</param>
public sealed class MemorySource(int pieceSize = int.MaxValue) : ISourceStore
{
    private readonly Dictionary<string, byte[]> files = [];

    /// <summary>Whether the final check of the pin fails.</summary>
    public bool Changes { get; set; }

    /// <summary>The content of every file from the second time it is opened; null for no change.</summary>
    public byte[]? Later { get; set; }

    /// <summary>How often a file was opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Adds a file and pins it.</summary>
    public SourceFile Add(string name, byte[] content, long? pinnedSize = null)
    {
        files[name] = content;
        return new SourceFile($"memory:///{name}", name, "v1", pinnedSize ?? content.Length);
    }

    /// <inheritdoc/>
    public string Describe(BusinessDate date) => "memory:///";

    /// <inheritdoc/>
    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            fileNames
                .Where(files.ContainsKey)
                .Select(n => new SourceFile($"memory:///{n}", n, "v1", files[n].Length))
                .FirstOrDefault()
        );

    /// <inheritdoc/>
    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        Task.FromResult(new SourceFile($"memory:///{location}", location, "v1", files[location].Length));

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken)
    {
        Opened++;
        var content = Opened > 1 && Later is { } later ? later : files[file.FileName];
        return Task.FromResult<Stream>(new TornStream(new MemoryStream(content), pieceSize));
    }

    /// <inheritdoc/>
    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) =>
        Changes
            ? throw new EtlException(
                ErrorCode.SourceChanged,
                $"{file.FileName} changed while it was read.",
                "Run again."
            )
            : Task.CompletedTask;
}
