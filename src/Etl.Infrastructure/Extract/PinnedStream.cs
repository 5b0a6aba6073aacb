using Etl.Application.Runs;
using Etl.Infrastructure.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace Etl.Infrastructure.Extract;

/// <summary>
/// A source file read from front to back. A file that ends early or goes on after its pinned size is a changed one, so
/// that one that is written without end is not read without end.
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

    private int Advance(int read, int asked)
    {
        position += read;
        if (position > file.Bytes)
        {
            throw SourceErrors.Changed(file, "it grew while it was read");
        }

        return read > 0 || asked == 0 || position == file.Bytes
            ? read
            : throw SourceErrors.Changed(file, "it was cut off while it was read");
    }
}
