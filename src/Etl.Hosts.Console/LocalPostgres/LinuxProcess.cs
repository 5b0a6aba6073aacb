using System.Globalization;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>What Linux tells of a process.</summary>
internal static class LinuxProcess
{
    public static IEnumerable<int> Ids() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(n => int.Parse(n!, CultureInfo.InvariantCulture));

    /// <summary>
    /// Whether a process is the server, or a child of the server, with this very process file: it is in the folder that it
    /// works in. Root in a container may not look there; then its name and user must do.
    /// </summary>
    public static bool IsServer(int id, string processFile, uint uid)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cwd/postmaster.pid") == processFile;
        }
        catch (UnauthorizedAccessException)
        {
            return ServerUser.IsNeeded && IsLivingPostgres(id, uid);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsLivingPostgres(int id, uint uid)
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
