namespace Etl.Infrastructure.Export.Lake;

/// <summary>
/// A temporary file, and beside it a lock file that stays locked while the writer lives. The next writer deletes temporary
/// files without a locked lock file: they belong to writers that were killed. The temporary file itself is not locked
/// because it becomes the object that others read.
/// </summary>
internal sealed class TempFile : IDisposable
{
    private const string Prefix = ".etl-";
    private const string Suffix = ".tmp";
    private const string LockSuffix = ".lock";
    private const int MaxAttempts = 10;
    private readonly FileStream lockFile;

    // FileShare.None locks on Unix; on Windows it would also prevent the file from being deleted.
    private static FileShare Exclusive => OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    private TempFile(FileStream lockFile)
    {
        this.lockFile = lockFile;
        Content = new FileStream(
            PathOfTemp(lockFile.Name),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0,
            FileOptions.Asynchronous
        );
    }

    public FileStream Content { get; }

    public static TempFile Create(string folder)
    {
        var locked = Lock(folder);
        try
        {
            return new TempFile(locked);
        }
        catch
        {
            File.Delete(locked.Name);
            locked.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the temporary files of writers that were killed.</summary>
    public static void Sweep(string folder)
    {
        // A lock file is created before its temporary file, so a temporary file without one has no live writer.
        foreach (var temp in Directory.GetFiles(folder, $"{Prefix}*{Suffix}"))
        {
            if (!File.Exists(temp + LockSuffix))
            {
                File.Delete(temp);
            }
        }

        foreach (var path in Directory.GetFiles(folder, $"{Prefix}*{Suffix}{LockSuffix}"))
        {
            try
            {
                using var abandoned = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, Exclusive);
                File.Delete(PathOfTemp(path));
                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The writer is alive, or another writer has already deleted the file.
            }
        }
    }

    public void Dispose()
    {
        Content.Dispose();
        File.Delete(Content.Name);
        File.Delete(lockFile.Name);
        lockFile.Dispose();
    }

    private static string PathOfTemp(string lockFile) => lockFile[..^LockSuffix.Length];

    // Between creation and locking, another writer's sweep can delete the lock file; then a new one is created.
    private static FileStream Lock(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(folder, $"{Prefix}{Path.GetRandomFileName()}{Suffix}{LockSuffix}");
            try
            {
                var created = new FileStream(path, FileMode.CreateNew, FileAccess.Write, Exclusive);
                if (File.Exists(path))
                {
                    return created;
                }

                created.Dispose();
            }
            catch (IOException) when (attempt < MaxAttempts) { }
        }
    }
}
