using System.Runtime.InteropServices;

namespace Etl.Infrastructure.FileSystem;

/// <summary>What may be done with a folder, as the system answers it; nothing is written to find out.</summary>
internal static partial class FolderAccess
{
    private const int WriteAndEnter = 3;

    /// <summary>The folder itself, or the nearest above it that is there: the one where something would be made.</summary>
    public static string Nearest(string folder)
    {
        var path = Path.GetFullPath(folder);
        while (!Path.Exists(path) && Path.GetDirectoryName(path) is { } above)
        {
            path = above;
        }

        return path;
    }

    /// <summary>Whether this user may make files in it; on Windows, where only a try would tell, always true.</summary>
    public static bool MayWrite(string folder)
    {
        var nearest = Nearest(folder);
        return Directory.Exists(nearest) && (OperatingSystem.IsWindows() || Access(nearest, WriteAndEnter) == 0);
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
