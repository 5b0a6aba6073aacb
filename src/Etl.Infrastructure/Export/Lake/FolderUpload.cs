using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>Writes a temporary file beside its final path, and renames it when it is complete.</summary>
internal sealed class FolderUpload : LakeUpload
{
    private readonly string path;
    private readonly bool replace;
    private readonly TempFile temp;

    private FolderUpload(string path, bool replace, TempFile temp) =>
        (this.path, this.replace, this.temp) = (path, replace, temp);

    public static FolderUpload Begin(string path, bool replace) =>
        Guard(
            path,
            () =>
            {
                var folder = Path.GetDirectoryName(path)!;
                Directory.CreateDirectory(folder);
                TempFile.Sweep(folder);
                return new FolderUpload(path, replace, TempFile.Create(folder));
            }
        );

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            temp.Content.Write(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }

        Append(buffer);
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await temp.Content.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }

        Append(buffer.Span);
    }

    public override Task<bool> CompleteAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Guard(path, Complete));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Guard(
                path,
                () =>
                {
                    temp.Dispose();
                    return true;
                }
            );
        }

        base.Dispose(disposing);
    }

    private bool Complete()
    {
        temp.Content.Flush(flushToDisk: true);
        CompleteHash();
        if (OperatingSystem.IsWindows())
        {
            temp.Content.Dispose(); // Windows cannot rename an open file.
        }

        if (!replace)
        {
            return AtomicRename.TryLink(temp.Content.Name, path);
        }

        AtomicRename.Replace(temp.Content.Name, path);
        return true;
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LakeErrors.Explain(path, exception);
        }
    }
}
