using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>Keeps a copy of the last bytes that were read.</summary>
/// <param name="stream">The stream.</param>
/// <param name="count">Number of bytes to keep.</param>
internal sealed class TailStream(Stream stream, int count) : ForwardOnlyStream
{
    // Twice the size, so that bytes move only when as many have been read.
    private readonly byte[] kept = new byte[2 * count];
    private int length;

    public override bool CanRead => true;

    /// <summary>The last bytes; fewer where the stream is shorter.</summary>
    public ReadOnlySpan<byte> Tail => kept.AsSpan(Math.Max(0, length - count), Math.Min(length, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var got = await stream.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..got]);
        return got;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var last = bytes[Math.Max(0, bytes.Length - count)..];
        if (length + last.Length > kept.Length)
        {
            var from = length - Math.Min(length, count);
            kept.AsSpan(from, length - from).CopyTo(kept);
            length -= from;
        }

        last.CopyTo(kept.AsSpan(length));
        length += last.Length;
    }
}
