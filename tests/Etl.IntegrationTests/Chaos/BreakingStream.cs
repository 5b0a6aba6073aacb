using Etl.Application.Runs;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.FileSystem;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Reads some bytes of another stream, then fails like a disconnected network share.</summary>
internal sealed class BreakingStream(Stream inner, long good, SourceFile file) : ForwardOnlyStream
{
    private long left = good;

    public override bool CanRead => true;

    public override long Length => inner.Length;

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer[..Most(buffer.Length)]));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => Count(await inner.ReadAsync(buffer[..Most(buffer.Length)], cancellationToken));

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private int Most(int asked) =>
        left > 0
            ? (int)Math.Min(asked, left)
            : throw SourceErrors.Unreadable(file.Uri, new IOException("disconnected"));

    private int Count(int read)
    {
        left -= read;
        return read;
    }
}
