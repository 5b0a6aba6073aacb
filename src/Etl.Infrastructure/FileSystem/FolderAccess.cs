using System.Runtime.InteropServices;

namespace Etl.Infrastructure.FileSystem;

/// <summary>Permissions of folders, read from the operating system without writing a file.</summary>
internal static partial class FolderAccess
{
    private const int WriteAndSearch = 3; // W_OK | X_OK

    /// <summary>The folder, or its nearest existing parent: where new files and folders would be created.</summary>
    public static string Nearest(string folder)
    {
        var path = Path.GetFullPath(folder);
        while (!Path.Exists(path) && Path.GetDirectoryName(path) is { } parent)
        {
            path = parent;
        }

        return path;
    }

    /// <summary>Whether this user can create files in the folder. Always true on Windows, which has no such query.</summary>
    public static bool CanWrite(string folder)
    {
        var nearest = Nearest(folder);
        return Directory.Exists(nearest) && (OperatingSystem.IsWindows() || Access(nearest, WriteAndSearch) == 0);
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
