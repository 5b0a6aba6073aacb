using System.Globalization;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>Processes as Linux shows them in <c>/proc</c>.</summary>
internal static class LinuxProcess
{
    public static IEnumerable<int> Ids() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(n => int.Parse(n!, CultureInfo.InvariantCulture));

    /// <summary>
    /// Whether a process is the server with this process file, or a child of it: the file is in its working folder. Root in a
    /// container may not read that folder; then the process is recognized by its name and user.
    /// </summary>
    public static bool IsServer(int id, string processFile, uint uid)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cwd/postmaster.pid") == processFile;
        }
        catch (UnauthorizedAccessException)
        {
            return ServerUser.IsNeeded && IsRunningPostgres(id, uid);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsRunningPostgres(int id, uint uid)
    {
        try
        {
            var lines = File.ReadAllLines($"/proc/{id}/status");
            string ValueOf(string name) =>
                lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? "";
            return ValueOf("Name:") == "postgres"
                && !ValueOf("State:").StartsWith('Z')
                && ValueOf("Uid:").Split('\t')[0] == uid.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
