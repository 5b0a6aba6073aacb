using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// The bytes of a pinned file on their way to the parser: read in large pieces into one buffer that grows only for a
/// record that does not fit, hashed as they come, and counted against the pinned size.
/// </summary>
internal sealed class SourceBytes : IDisposable
{
    public const int DefaultReadSize = 256 * 1024;

    private readonly Stream stream;
    private readonly SourceFile file;
    private readonly int readSize;
    private readonly FileHasher hash;
    private byte[] buffer;
    private int start;
    private int end;

    public SourceBytes(Stream stream, SourceFile file, int readSize = DefaultReadSize)
    {
        (this.stream, this.file, this.readSize) = (stream, file, readSize);
        hash = new FileHasher(file);
        buffer = new byte[readSize * 2];
    }

    /// <summary>What has been read and not yet taken.</summary>
    public ReadOnlySpan<byte> Unread => buffer.AsSpan(start, end - start);

    /// <summary>Place in the file of the first unread byte.</summary>
    public long Offset { get; private set; }

    public long BytesRead { get; private set; }

    /// <summary>Whether nothing follows the unread bytes.</summary>
    public bool IsLast { get; private set; }

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
            int got;
            try
            {
                got = await stream.ReadAsync(buffer.AsMemory(end, goal - end), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new EtlException(
                    ErrorCode.SourceUnreadable,
                    $"{file.FileName} could not be read to its end: it broke off after {BytesRead} of {file.Bytes} bytes.",
                    "See whether the source can be reached; then run again, nothing was changed.",
                    retryable: true,
                    exception
                );
            }

            Accept(got);
        }
    }

    /// <summary>Whether the last byte ends a line; null before the first byte.</summary>
    public bool? EndsWithLineEnd { get; private set; }

    /// <summary>The hashes of all bytes; once only.</summary>
    public FileHash FinishHash() => hash.Finish();

    public void Dispose() => hash.Dispose();

    private void Accept(int got)
    {
        IsLast = got == 0;
        hash.Append(buffer.AsSpan(end, got));
        end += got;
        EndsWithLineEnd = got == 0 ? EndsWithLineEnd : buffer[end - 1] is (byte)'\n' or (byte)'\r';
        BytesRead += got;
        if (BytesRead > file.Bytes || (IsLast && BytesRead != file.Bytes))
        {
            var now = IsLast ? $"ended after {BytesRead}" : "has more now";
            throw Changed(file, $"it had {file.Bytes} bytes when the run began, and {now}");
        }
    }

    public static EtlException Changed(SourceFile file, string how) =>
        new(
            ErrorCode.SourceChanged,
            $"{file.FileName} changed while it was read: {how}.",
            "Let the file be written whole before the run; then run again, nothing was changed.",
            retryable: true
        );

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
