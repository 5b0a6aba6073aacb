using System.Globalization;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// One process, told apart from every other that ran on this machine or will: the machine's boot, the space that
/// process ids are counted in, the id, and the process's start. Only Linux tells all four.
/// </summary>
internal sealed record ProcessIdentity(string Boot, string PidSpace, int Pid, string StartedAt)
{
    /// <summary>The mark of a live process; null where there is none, or where the system does not tell.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            var id = pid.ToString(CultureInfo.InvariantCulture);
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The name, in brackets, may hold blanks and brackets itself.
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

    /// <summary>Whether the process it marks was one of this boot and id space, and lives no more.</summary>
    public bool IsGone() =>
        Of(Environment.ProcessId) is { } me && me.Boot == Boot && me.PidSpace == PidSpace && Of(Pid) != this;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Boot}.{PidSpace}.{Pid}.{StartedAt}");

    public static ProcessIdentity? Parse(string text) =>
        text.Split('.') is [var boot, var space, var pid, var startedAt]
        && int.TryParse(pid, CultureInfo.InvariantCulture, out var id)
            ? new ProcessIdentity(boot, space, id, startedAt)
            : null;
}
