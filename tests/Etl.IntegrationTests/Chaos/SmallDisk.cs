using System.Diagnostics;
using Etl.TestKit;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>A file system of a given size in memory. Only root can mount it; for other users the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder folder = new();

    private SmallDisk(string size)
    {
        const UnixFileMode walkable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        TempFolder.Allow(folder.Root, walkable | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        Folder = Directory.CreateDirectory(folder["disk"]).FullName;
        if (Do("mount", "-t", "tmpfs", "-o", $"size={size},mode=0777", "tmpfs", Folder) is { } refusal)
        {
            folder.Dispose();
            Assert.Skip($"A small disk cannot be made here, only root may mount one: {refusal}");
        }
    }

    public string Folder { get; }

    /// <param name="size">The size option of mount.</param>
    /// <param name="forServer">Whether its folder <c>data</c> belongs to PostgreSQL's user.</param>
    public static SmallDisk Mount(string size, bool forServer = false)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a disk.");
        var disk = new SmallDisk(size);
        if (forServer)
        {
            var data = Directory.CreateDirectory(Path.Combine(disk.Folder, "data")).FullName;
            if ((Do("chown", "postgres", data) ?? Do("chmod", "700", data)) is { } refusal)
            {
                disk.Dispose();
                Assert.Skip($"The server's user is not known here: {refusal}");
            }
        }

        return disk;
    }

    public void Resize(string size) => Do("mount", "-o", $"remount,size={size}", Folder);

    public void Dispose()
    {
        Do("umount", "-l", Folder);
        folder.Dispose();
    }

    /// <summary>Null on success, otherwise the output of the program.</summary>
    private static string? Do(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : said.Trim();
    }
}
