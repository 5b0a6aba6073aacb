using System.Diagnostics;
using System.Globalization;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The server as its process file describes it.</summary>
/// <param name="Id">The process ID.</param>
/// <param name="Port">The port that it listens on.</param>
/// <param name="Ready">Whether it accepts connections.</param>
internal sealed record ServerProcess(int Id, int Port, bool Ready)
{
    private static readonly TimeSpan ChildTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The running server of a data folder; null where none runs, even if a killed one left its files.</summary>
    public static ServerProcess? Find(ServerFolders folders, ServerUser user)
    {
        if (Read(folders.ProcessFile) is not { } text)
        {
            return null;
        }

        // The lines: process ID, data folder, start time, port, socket folder, address, shared memory, status.
        var lines = text.Split('\n');
        if (lines.Length < 2 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        _ = int.TryParse(lines.ElementAtOrDefault(3), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        var ready = lines.ElementAtOrDefault(7)?.Trim() == "ready";
        return IsServer(id, text, user.Uid) ? new ServerProcess(id, port, ready) : null;
    }

    /// <summary>
    /// Deletes the process files of a server that was killed. The process ID in them can belong to another process by now, or
    /// to a zombie, and PostgreSQL would refuse to start. The children of the killed server must have ended first: they use
    /// the shared memory that these files protect.
    /// </summary>
    public static async Task CleanUpAsync(ServerFolders folders, ServerUser user, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || Read(folders.ProcessFile) is not { } text)
        {
            return;
        }

        bool AllEnded() => !LinuxProcess.Ids().Any(id => IsServer(id, text, user.Uid));
        if (!await Polling.UntilAsync(AllEnded, ChildTimeout, cancellationToken))
        {
            return;
        }

        File.Delete(folders.ProcessFile);
        File.Delete(folders.SocketProcessFile);
    }

    private static bool IsServer(int id, string processFile, uint uid)
    {
        if (OperatingSystem.IsLinux())
        {
            return LinuxProcess.IsServer(id, processFile, uid);
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName.Contains("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Read(string file)
    {
        try
        {
            using var stream = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
