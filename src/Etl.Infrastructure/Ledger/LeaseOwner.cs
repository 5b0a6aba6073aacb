using System.Globalization;
using System.Security.Cryptography;

namespace Etl.Infrastructure.Ledger;

/// <summary>Who holds a lease: the machine and process for people, and a number by chance that tells two starts apart.</summary>
internal sealed class LeaseOwner
{
    public string Text { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName}/{Environment.ProcessId}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}"
        );
}
