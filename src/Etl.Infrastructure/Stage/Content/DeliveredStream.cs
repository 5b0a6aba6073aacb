using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Stage.Content;

/// <summary>The bytes of a pinned file as they were delivered: hashed, and counted against the pinned size.</summary>
internal sealed class DeliveredStream(Stream stream, SourceFile file) : ForwardOnlyStream
{
    private readonly FileHasher hash = new(file);

    public override bool CanRead => true;

    public SourceFile File => file;

    public long BytesRead { get; private set; }

    /// <exception cref="EtlException">The source broke off, or the file has another size than it was pinned with.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int got;
        try
        {
            got = await stream.ReadAsync(buffer, cancellationToken);
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

        hash.Append(buffer.Span[..got]);
        BytesRead += got;
        var isLast = got == 0 && buffer.Length > 0;
        if (BytesRead > file.Bytes || (isLast && BytesRead != file.Bytes))
        {
            var now = isLast ? $"ended after {BytesRead}" : "has more now";
            throw Changed(file, $"it had {file.Bytes} bytes when the run began, and {now}");
        }

        return got;
    }

    /// <summary>The hashes of all bytes; once only. Bytes behind the end of a compressed text are read first.</summary>
    public async Task<FileHash> FinishHashAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        while (await ReadAsync(rest, cancellationToken) > 0) { }

        return hash.Finish();
    }

    public static EtlException Changed(SourceFile file, string how) =>
        new(
            ErrorCode.SourceChanged,
            $"{file.FileName} changed while it was read: {how}.",
            "Let the file be written whole before the run; then run again, nothing was changed.",
            retryable: true
        );

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }
}
