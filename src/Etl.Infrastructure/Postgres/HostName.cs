using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Etl.Infrastructure.Postgres;

/// <summary>Validates hosts and ports of PostgreSQL servers; only a valid one is shown.</summary>
internal static class HostName
{
    private const int MaxNameLength = 253;
    private const int MaxPathLength = 107; // of a socket's address on Linux
    private const string PathMarks = "/._-+~ ";

    /// <summary>A name or address with or without a port, an address in brackets, or the path of a socket's folder.</summary>
    public static bool IsValid(string host)
    {
        if (host.StartsWith('/') || host.StartsWith('@'))
        {
            // An existing folder is not a secret, whatever its name contains.
            return host.Length <= MaxPathLength
                && (host[1..].All(c => IsPart(c, PathMarks)) || (host[0] == '/' && Directory.Exists(host)));
        }

        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && IsIPv6(host[1..end]) && IsPortPart(host[(end + 1)..]);
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        return IsIPv6(host) || (IsName(colon < 0 ? host : host[..colon]) && IsPortPart(colon < 0 ? "" : host[colon..]));
    }

    public static bool IsPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(c => IsPart(c, "._-"));

    private static bool IsPart(char letter, string marks) =>
        char.IsLetterOrDigit(letter) || marks.Contains(letter, StringComparison.Ordinal);

    private static bool IsPortPart(string text) => text.Length == 0 || (text[0] == ':' && IsPort(text[1..]));

    private static bool IsIPv6(string text) =>
        text.Contains(':', StringComparison.Ordinal)
        && IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;
}
