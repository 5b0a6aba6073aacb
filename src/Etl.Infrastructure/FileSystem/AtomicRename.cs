using System.Runtime.InteropServices;

namespace Etl.Infrastructure.FileSystem;

/// <summary>Renames a finished file atomically, and flushes the folder so that the new name survives a crash.</summary>
internal static partial class AtomicRename
{
    private const int FileExistsError = 17; // EEXIST

    /// <summary>Gives a file a new name if that name is free. On Unix the old name stays until the caller deletes it.</summary>
    /// <returns>False if the name is taken.</returns>
    public static bool TryLink(string file, string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(file, name) == 0)
            {
                Flush(Path.GetDirectoryName(name)!);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == FileExistsError)
            {
                return false;
            }
        }

        // On Windows, and on file systems without hard links, the move fails if the name is taken.
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

    /// <summary>Renames a file and replaces the file that has the name.</summary>
    public static void Replace(string file, string name)
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
            // Best effort: some file systems do not support fsync of a folder.
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
