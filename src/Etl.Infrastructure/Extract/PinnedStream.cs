using Etl.Application.Runs;
using Etl.Infrastructure.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace Etl.Infrastructure.Extract;

/// <summary>
/// Reads a source file from start to end. A file that is shorter or longer than its pinned size has changed; reading stops
/// at the pinned size, so that a file that keeps growing is not read forever.
/// </summary>
internal sealed class PinnedStream(SourceFile file, SafeFileHandle handle) : ForwardOnlyStream
{
    private long position;

    public override bool CanRead => true;

    public override long Length => file.Bytes;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Advance(RandomAccess.Read(handle, buffer, position), buffer.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.Unreadable(FolderUri.PathOf(file.Uri), exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Advance(await RandomAccess.ReadAsync(handle, buffer, position, cancellationToken), buffer.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.Unreadable(FolderUri.PathOf(file.Uri), exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Advance(int read, int requested)
    {
        position += read;
        if (position > file.Bytes)
        {
            throw SourceErrors.Changed(file, "it grew while it was read");
        }

        return read > 0 || requested == 0 || position == file.Bytes
            ? read
            : throw SourceErrors.Changed(file, "it was truncated while it was read");
    }
}
