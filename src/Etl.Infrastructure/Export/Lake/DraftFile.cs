namespace Etl.Infrastructure.Export.Lake;

/// <summary>
/// A draft's file, and beside it another one that is locked while the writer lives: so the next writer knows the drafts of
/// the dead and sweeps them away. The draft itself is not locked, because it becomes the object that others read.
/// </summary>
internal sealed class DraftFile : IDisposable
{
    private const string Prefix = ".etl-";
    private const string Suffix = ".tmp";
    private const string SignSuffix = ".tmp.lock";
    private const int Attempts = 10;
    private readonly FileStream sign;

    // On Unix only this one locks for good; on Windows it would keep the file from being deleted.
    private static FileShare Mine => OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    private DraftFile(FileStream sign)
    {
        this.sign = sign;
        Bytes = new FileStream(
            sign.Name[..^(SignSuffix.Length - Suffix.Length)],
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0,
            FileOptions.Asynchronous
        );
    }

    public FileStream Bytes { get; }

    public static DraftFile Create(string folder)
    {
        var lease = Sign(folder);
        try
        {
            return new DraftFile(lease);
        }
        catch
        {
            File.Delete(lease.Name);
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the drafts of writers that were killed.</summary>
    public static void Sweep(string folder)
    {
        // First the drafts, then the signs: a sign comes before its draft, so that a draft without one is a dead one's.
        foreach (var draft in Directory.GetFiles(folder, $"{Prefix}*{Suffix}"))
        {
            if (!File.Exists($"{draft}.lock"))
            {
                File.Delete(draft);
            }
        }

        foreach (var left in Directory.GetFiles(folder, $"{Prefix}*{SignSuffix}"))
        {
            try
            {
                using var dead = new FileStream(left, FileMode.Open, FileAccess.ReadWrite, Mine);
                File.Delete(left[..^(SignSuffix.Length - Suffix.Length)]);
                File.Delete(left);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Its writer lives, or another writer was here first.
            }
        }
    }

    public void Dispose()
    {
        Bytes.Dispose();
        File.Delete(Bytes.Name);
        File.Delete(sign.Name);
        sign.Dispose();
    }

    // Between its making and its locking another writer may take it for a dead one's: then it is made again.
    private static FileStream Sign(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = Path.Combine(folder, $"{Prefix}{Path.GetRandomFileName()}{SignSuffix}");
            try
            {
                var made = new FileStream(name, FileMode.CreateNew, FileAccess.Write, Mine);
                if (File.Exists(name))
                {
                    return made;
                }

                made.Dispose();
            }
            catch (IOException) when (attempt < Attempts) { }
        }
    }
}
