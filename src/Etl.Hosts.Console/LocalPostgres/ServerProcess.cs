using System.Diagnostics;
using System.Globalization;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The server as its own process file tells of it.</summary>
/// <param name="Id">The process.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Ready">Whether it takes connections.</param>
internal sealed record ServerProcess(int Id, int Port, bool Ready)
{
    private static readonly TimeSpan LastChildren = TimeSpan.FromSeconds(10);

    /// <summary>The server of a data folder, or null where none runs, whatever a killed one left behind.</summary>
    public static ServerProcess? Find(ServerFolders folders, ServerUser user)
    {
        if (Read(folders.ProcessFile) is not { } text)
        {
            return null;
        }

        // Its lines: process, data folder, moment of start, port, socket folder, address, shared memory, status.
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
    /// Takes away the process files of a server that was killed. The number in them may by now be another process's, or
    /// that of a dead one that nobody has collected, and PostgreSQL would then refuse to start. Its last children must be
    /// gone first: they hold the shared memory that these files guard.
    /// </summary>
    public static async Task CleanUpAsync(ServerFolders folders, ServerUser user, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || Read(folders.ProcessFile) is not { } text)
        {
            return;
        }

        bool AllGone() => !LinuxProcess.Ids().Any(id => IsServer(id, text, user.Uid));
        if (!await Polling.UntilAsync(AllGone, LastChildren, cancellationToken))
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
