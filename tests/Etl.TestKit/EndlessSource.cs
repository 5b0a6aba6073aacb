using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.TestKit;

/// <summary>A source of one generated file: a prefix, then one repeated byte.</summary>
/// <param name="beginning">The prefix.</param>
/// <param name="letter">The repeated byte.</param>
/// <param name="length">Size in bytes.</param>
public sealed class EndlessSource(byte[] beginning, byte letter, long length) : ISourceStore
{
    /// <inheritdoc/>
    public string Describe(BusinessDate date) => "memory:///";

    /// <inheritdoc/>
    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) => Task.FromResult<SourceFile?>(null);

    /// <inheritdoc/>
    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new TornStream(new Letters(beginning, letter, length), int.MaxValue));

    /// <inheritdoc/>
    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Letters(byte[] beginning, byte letter, long length) : MemoryStream
    {
        private long at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, length - at);
            var piece = buffer.Span[..count];
            piece.Fill(letter);
            if (at < beginning.Length)
            {
                beginning.AsSpan((int)at..Math.Min(beginning.Length, (int)at + count)).CopyTo(piece);
            }

            at += count;
            return ValueTask.FromResult(count);
        }
    }
}
