using System.Globalization;
using System.Security.Cryptography;

namespace Etl.Infrastructure.Ledger;

/// <summary>Who holds a lease: machine and process for people, and marks that tell two starts apart.</summary>
internal sealed class LeaseOwner
{
    private static int count;

    public LeaseOwner()
        : this(ProcessIdentity.Of(Environment.ProcessId)) { }

    /// <param name="process">The process that owns; null where the system does not tell: chance stands for it.</param>
    public LeaseOwner(ProcessIdentity? process)
    {
        var mark = process?.ToString() ?? RandomNumberGenerator.GetHexString(16, lowercase: true);
        var pid = process?.Pid ?? Environment.ProcessId;
        Text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName}/{pid}/{mark}/{Interlocked.Increment(ref count)}"
        );
    }

    public string Text { get; }

    /// <summary>Whether another owner was a process of this machine that lives no more. Unknown is no.</summary>
    public static bool IsGone(string? owner) =>
        owner?.Split('/') is [var machine, _, var mark, _]
        && machine == Environment.MachineName
        && ProcessIdentity.Parse(mark) is { } process
        && process.IsGone();
}
