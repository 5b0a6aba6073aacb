using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>Gives back the bytes that were read to recognize a format, then the rest of the stream.</summary>
internal sealed class PrefixedStream : ForwardOnlyStream
{
    private readonly Stream rest;
    private ReadOnlyMemory<byte> prefix;

    private PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) => (this.prefix, this.rest) = (prefix, rest);

    public override bool CanRead => true;

    /// <summary>The first bytes that have not been read; fewer than asked for where the stream is shorter.</summary>
    public ReadOnlySpan<byte> Prefix => prefix.Span;

    /// <summary>Reads the first bytes of a stream.</summary>
    public static async Task<PrefixedStream> ReadAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var first = new byte[count];
        var got = await stream.ReadAtLeastAsync(first, count, throwOnEndOfStream: false, cancellationToken);
        return new PrefixedStream(first.AsMemory(0, got), stream);
    }

    public void Skip(int count) => prefix = prefix[count..];

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (prefix.IsEmpty)
        {
            return rest.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(prefix.Length, buffer.Length);
        prefix[..count].CopyTo(buffer);
        prefix = prefix[count..];
        return ValueTask.FromResult(count);
    }
}
