using System.Text.RegularExpressions;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The <c>postgresql://user:password@host:port/database?name=value</c> form that other PostgreSQL programs take. Several
/// hosts and sockets (<c>%2Fvar%2Frun%2Fpostgresql</c>) included. A password may hold reserved characters as they are, as long
/// as the URI can be read in one way only: of all <c>@</c> in it, exactly one has a user before it and hosts, database and
/// parameters after it. Everywhere else reserved characters are percent-encoded.
/// </summary>
internal static partial class ConnectionUri
{
    private const string Ambiguous = "it is not a valid URI; percent-encode the reserved characters of the password";

    private const string Host = @"([\p{L}\p{Nd}._%~+-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?";

    public static bool IsUri(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ConnectionFormatException">It cannot be read, or in more than one way.</exception>
    public static void Read(string text, Action<string, string> set)
    {
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var readings = Splits(rest).Select(at => (At: at, Match: AfterUser().Match(rest, at + 1))).ToList();
        var valid = readings.Where(r => r.Match.Success && IsUser(rest, r.At)).ToList();
        if (valid.Count != 1)
        {
            throw new ConnectionFormatException(Ambiguous);
        }

        var (end, match) = valid[0];
        var parts = (end < 0 ? "" : rest[..end]).Split(':', 2);
        Set("user", parts[0]);
        Set("password", parts.Length > 1 ? parts[1] : "");
        ReadHosts(match.Groups["hosts"].Value, Set);
        Set("dbname", match.Groups["database"].Value);
        foreach (var pair in match.Groups["query"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            set(pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..]));
        }

        void Set(string keyword, string encoded)
        {
            if (encoded.Length > 0)
            {
                set(keyword, Uri.UnescapeDataString(encoded));
            }
        }
    }

    /// <summary>Where the user information may end: before the first character, and at each <c>@</c>.</summary>
    private static IEnumerable<int> Splits(string rest) =>
        Enumerable.Range(0, rest.Length).Where(i => rest[i] == '@').Prepend(-1);

    /// <summary>A user holds no reserved character; what follows the first colon is the password.</summary>
    private static bool IsUser(string rest, int end) =>
        end < 0 || rest[..end].Split(':', 2)[0].IndexOfAny(['/', '?', '#', '@']) < 0;

    /// <summary>One host keeps its port apart, as Npgsql shows it; of several, each keeps its own.</summary>
    private static void ReadHosts(string hosts, Action<string, string> set)
    {
        var colon = hosts.LastIndexOf(':');
        var single = !hosts.Contains(',', StringComparison.Ordinal);
        if (single && colon >= 0 && !hosts.EndsWith(']'))
        {
            set("host", hosts[..colon].Trim('[', ']'));
            set("port", hosts[(colon + 1)..]);
            return;
        }

        set("host", single ? hosts.Trim('[', ']') : hosts);
    }

    [GeneratedRegex(
        @"\G(?<hosts>"
            + Host
            + @"(,"
            + Host
            + @")*)(/(?<database>[^/?#@:]*))?"
            + @"(\?(?<query>&*([A-Za-z0-9_ ]+=[^&#]*(&+|\z))*))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex AfterUser();
}
