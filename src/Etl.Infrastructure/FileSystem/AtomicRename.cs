using System.Runtime.InteropServices;

namespace Etl.Infrastructure.FileSystem;

/// <summary>Gives a finished file its name in one move, and makes the name as durable as the bytes.</summary>
internal static partial class AtomicRename
{
    private const int Exists = 17;

    /// <summary>Gives a file a name that nobody has; its old name stays until the caller deletes it.</summary>
    /// <returns>False where the name is taken.</returns>
    public static bool TryGive(string file, string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(file, name) == 0)
            {
                Flush(Path.GetDirectoryName(name)!);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == Exists)
            {
                return false;
            }
        }

        // Windows, and file systems without links: the move itself refuses a name that is taken.
        try
        {
            File.Move(file, name, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }

    /// <summary>Gives a file a name, from whoever has it.</summary>
    public static void Take(string file, string name)
    {
        File.Move(file, name, overwrite: true);
        Flush(Path.GetDirectoryName(name)!);
    }

    private static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, 0);
        if (handle >= 0)
        {
            // Where the file system cannot, its names are as durable as it makes them.
            _ = FlushToDisk(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string file, string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FlushToDisk(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
