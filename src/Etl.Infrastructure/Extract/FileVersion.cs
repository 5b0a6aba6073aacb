using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Etl.Infrastructure.Extract;

/// <summary>
/// The version of a file in a folder: size, modification time and identity. The identity distinguishes a file from another
/// one that replaces it with the same size and time.
/// </summary>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="ChangedAt">Modification time in nanoseconds since 1970.</param>
/// <param name="Identity">Inode number; where there is none, the creation time in ticks.</param>
internal sealed partial record FileVersion(long Bytes, long ChangedAt, ulong Identity)
{
    private const int WorkingFolder = -100;
    private const uint BasicFields = 0x7ff;
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes}-{ChangedAt}-{Identity}");

    /// <summary>The current version of a file, or null if it does not exist.</summary>
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

    /// <summary>Opens a file for sequential reading, or returns null if it does not exist.</summary>
    public static SafeFileHandle? Open(string path)
    {
        // Checked before the file is opened: opening a pipe would block until it has a writer.
        if (Directory.Exists(path) || KindAndIdentity(path).Kind is not (null or RegularFile))
        {
            throw SourceErrors.NotAFile(path);
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

    // The layout of struct statx in the Linux kernel, the same on all architectures.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;
    }
}
