namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// The text of a file, in UTF-8, on its way to the parser: read in large pieces into one buffer that grows only for a
/// record that does not fit.
/// </summary>
internal sealed class SourceBytes
{
    public const int DefaultReadSize = 256 * 1024;

    private readonly Stream stream;
    private readonly int readSize;
    private byte[] buffer;
    private int start;
    private int end;

    public SourceBytes(Stream stream, int readSize = DefaultReadSize)
    {
        (this.stream, this.readSize) = (stream, readSize);
        buffer = new byte[readSize * 2];
    }

    /// <summary>What has been read and not yet taken.</summary>
    public ReadOnlySpan<byte> Unread => buffer.AsSpan(start, end - start);

    /// <summary>Place in the text of the first unread byte.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether nothing follows the unread bytes.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Whether the last byte ends a line; null before the first byte.</summary>
    public bool? EndsWithLineEnd { get; private set; }

    public void Take(int count)
    {
        start += count;
        Offset += count;
    }

    /// <summary>Reads on until a piece is full or the file ends; a stream that gives little at a time costs no more.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var goal = end + readSize;
        while (end < goal && !IsLast)
        {
            var got = await stream.ReadAsync(buffer.AsMemory(end, goal - end), cancellationToken);
            IsLast = got == 0;
            end += got;
            EndsWithLineEnd = got == 0 ? EndsWithLineEnd : Dialect.IsLineEnd(buffer[end - 1]);
        }
    }

    private void MakeRoom()
    {
        var unread = end - start;
        if (unread + readSize > buffer.Length)
        {
            var larger = new byte[Math.Max(buffer.Length * 2, unread + readSize)];
            Unread.CopyTo(larger);
            buffer = larger;
        }
        else if (start > 0)
        {
            Unread.CopyTo(buffer);
        }

        (start, end) = (0, unread);
    }
}
