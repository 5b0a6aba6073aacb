using System.Globalization;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Identifies a process uniquely on a machine across restarts: boot id, pid namespace, process id and start time. Available
/// on Linux only.
/// </summary>
internal sealed record ProcessIdentity(string Boot, string PidSpace, int Pid, string StartedAt)
{
    /// <summary>The identity of a live process; null if there is none, or if the system does not report it.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            var id = pid.ToString(CultureInfo.InvariantCulture);
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The name, in parentheses, can itself contain blanks and parentheses.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var dead = fields[0] is "Z" or "X";
            return space is null || dead
                ? null
                : new ProcessIdentity(boot, string.Concat(space.Where(char.IsDigit)), pid, fields[19]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the process was of this boot and pid namespace, and has ended.</summary>
    public bool HasEnded() =>
        Of(Environment.ProcessId) is { } me && me.Boot == Boot && me.PidSpace == PidSpace && Of(Pid) != this;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Boot}.{PidSpace}.{Pid}.{StartedAt}");

    public static ProcessIdentity? Parse(string text) =>
        text.Split('.') is [var boot, var space, var pid, var startedAt]
        && int.TryParse(pid, CultureInfo.InvariantCulture, out var id)
            ? new ProcessIdentity(boot, space, id, startedAt)
            : null;
}
