using System.Globalization;
using System.Security.Cryptography;

namespace Etl.Infrastructure.Ledger;

/// <summary>The owner of a lease: machine and process id for people, and a unique part for each start.</summary>
internal sealed class LeaseOwner
{
    private static int count;

    public LeaseOwner()
        : this(ProcessIdentity.Of(Environment.ProcessId)) { }

    /// <param name="process">The owning process; null if the system does not report it: a random value replaces it.</param>
    public LeaseOwner(ProcessIdentity? process)
    {
        var identity = process?.ToString() ?? RandomNumberGenerator.GetHexString(16, lowercase: true);
        var pid = process?.Pid ?? Environment.ProcessId;
        Text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName}/{pid}/{identity}/{Interlocked.Increment(ref count)}"
        );
    }

    public string Text { get; }

    /// <summary>Whether an owner was a process of this machine that has ended; false if unknown.</summary>
    public static bool HasEnded(string? owner) =>
        owner?.Split('/') is [var machine, _, var identity, _]
        && machine == Environment.MachineName
        && ProcessIdentity.Parse(identity) is { } process
        && process.HasEnded();
}
