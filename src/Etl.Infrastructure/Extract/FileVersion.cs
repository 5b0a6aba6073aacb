using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Etl.Infrastructure.Extract;

/// <summary>
/// What pins a file's bytes in a folder: size, time of change, and which file it is, so that one that was put in its place
/// with the same size and time is still another.
/// </summary>
/// <param name="Bytes">Its size.</param>
/// <param name="ChangedAt">Nanoseconds since 1970.</param>
/// <param name="Identity">Its number in the file system, or its time of birth.</param>
internal sealed partial record FileVersion(long Bytes, long ChangedAt, ulong Identity)
{
    private const int WorkingFolder = -100;
    private const uint BasicFields = 0x7ff;
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes}-{ChangedAt}-{Identity}");

    /// <summary>The version of a file that can be read, or null where there is none.</summary>
    public static FileVersion? Pin(string path)
    {
        using var handle = Open(path);
        if (handle is null)
        {
            return null;
        }

        var (_, identity) = KindAndIdentity(path);
        var changed = File.GetLastWriteTimeUtc(handle) - DateTime.UnixEpoch;
        return new FileVersion(
            RandomAccess.GetLength(handle),
            changed.Ticks * TimeSpan.NanosecondsPerTick,
            identity ?? (ulong)File.GetCreationTimeUtc(handle).Ticks
        );
    }

    /// <summary>Opens a file to be read from front to back, or null where there is none.</summary>
    public static SafeFileHandle? Open(string path)
    {
        // Asked before it is opened: opening a pipe would wait for its writer.
        if (Directory.Exists(path) || KindAndIdentity(path).Kind is not (null or RegularFile))
        {
            throw SourceErrors.NoFile(path);
        }

        try
        {
            return File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.Asynchronous | FileOptions.SequentialScan
            );
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.Unreadable(path, exception);
        }
    }

    private static (int? Kind, ulong? Identity) KindAndIdentity(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, null);
        }

        try
        {
            return Statx(WorkingFolder, path, 0, BasicFields, out var status) == 0
                ? (status.Mode & KindMask, status.Inode)
                : (null, null);
        }
        catch (EntryPointNotFoundException)
        {
            return (null, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileStatus status);

    // The kernel's own layout, the same on every processor.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;
    }
}
