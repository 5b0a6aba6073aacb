using System.Data.Common;
using System.Globalization;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The <c>postgresql://user:password@host:port/database?name=value</c> form that other PostgreSQL programs take. Several
/// hosts and sockets (<c>%2Fvar%2Frun%2Fpostgresql</c>) included.
/// </summary>
internal static class ConnectionUri
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
    };

    public static bool IsUri(string text) =>
        text.StartsWith("postgresql://", StringComparison.Ordinal)
        || text.StartsWith("postgres://", StringComparison.Ordinal);

    /// <exception cref="FormatException">It is none that can be read.</exception>
    public static DbConnectionStringBuilder Read(string text)
    {
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, database) = Cut(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        var read = new DbConnectionStringBuilder();
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            Set("Username", user);
            Set("Password", password);
        }

        ReadHosts(authority[(at + 1)..], Set);
        Set("Database", database);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            Set(
                Keywords.GetValueOrDefault(name) ?? throw new FormatException("A parameter is not known."),
                name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value
            );
        }

        return read;

        void Set(string keyword, string encoded)
        {
            if (encoded.Length > 0)
            {
                read[keyword] = Uri.UnescapeDataString(encoded);
            }
        }
    }

    /// <summary>One host keeps its port apart, as Npgsql shows it; of several, each keeps its own.</summary>
    private static void ReadHosts(string hosts, Action<string, string> set)
    {
        var colon = hosts.LastIndexOf(':');
        var single = !hosts.Contains(',', StringComparison.Ordinal);
        if (single && colon >= 0 && !hosts.EndsWith(']'))
        {
            if (!ushort.TryParse(hosts[(colon + 1)..], CultureInfo.InvariantCulture, out _))
            {
                throw new FormatException("The port is no number.");
            }

            set("Host", hosts[..colon].Trim('[', ']'));
            set("Port", hosts[(colon + 1)..]);
            return;
        }

        set("Host", single ? hosts.Trim('[', ']') : hosts);
    }

    private static (string Before, string After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }
}
