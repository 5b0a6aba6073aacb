using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Infrastructure.Settings;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The parameters of a connection string, whichever form it has, in their order. An error calls a parameter by its position,
/// from 1, as the rest of an unquoted secret looks like a parameter. A known parameter is called by its known name. The
/// name of an unknown one is shown only where all of this holds: it differs from a known name by two characters at most; it
/// consists of at most 40 letters, digits, underscores and blanks; and no parameter that holds a secret stands before it.
/// Values are never shown. The last of repeated parameters counts, but after a secret a repeated one is refused.
/// </summary>
internal sealed partial class ConnectionParameters
{
    private const int MaxEdits = 2;
    private const int MinSuggestedLength = 4;

    private static readonly Dictionary<string, string> Libpq = new(StringComparer.OrdinalIgnoreCase)
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
        ["sslnegotiation"] = "SSL Negotiation",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["client_encoding"] = "Client Encoding",
        ["options"] = "Options",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["require_auth"] = "Require Auth",
    };

    private static readonly string[] Unsupported =
    [
        "hostaddr",
        "service",
        "replication",
        "fallback_application_name",
        "load_balance_hosts",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout",
        "sslcrl",
        "sslcrldir",
        "sslcompression",
        "sslcertmode",
        "ssl_min_protocol_version",
        "ssl_max_protocol_version",
        "requirepeer",
        "gsslib",
    ];

    private static readonly string[] Suggested = ["Username", "Database", .. Libpq.Keys];

    private static readonly NpgsqlConnectionStringBuilder Keywords = new();

    private readonly NpgsqlConnectionStringBuilder read = new();
    private string? ports;
    private int position;
    private bool secretBefore;

    public static bool IsKnown(string name) => KeywordOf(name) is not null;

    public void Add(string name, string value)
    {
        position++;
        if (KeywordOf(name) is not { } keyword)
        {
            throw new ConnectionFormatException(Unknown(name));
        }

        if (value.Length == 0)
        {
            return; // treated as absent
        }

        secretBefore |= keyword.Contains("password", StringComparison.OrdinalIgnoreCase) || Is(keyword, "pwd", "psw");
        if (Is(keyword, "Port") && value.Contains(',', StringComparison.Ordinal))
        {
            ports = value;
            return;
        }

        Set(keyword, keyword is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value);
    }

    /// <exception cref="ConnectionFormatException">Hosts and ports cannot be combined, or one of them cannot be one.</exception>
    public NpgsqlConnectionStringBuilder Build()
    {
        if (ports is not null)
        {
            var (hosts, numbers) = ((read.Host ?? "").Split(','), ports.Split(','));
            if (hosts.Length != numbers.Length || hosts.Any(h => h.Contains(':', StringComparison.Ordinal)))
            {
                throw new ConnectionFormatException("its numbers of hosts and ports differ");
            }

            read.Host = string.Join(',', hosts.Zip(numbers, (h, p) => p.Length == 0 ? h : $"{h}:{p}"));
        }

        if (read.Host is { } host && !host.Split(',').All(HostName.IsValid))
        {
            throw new ConnectionFormatException("its host is not a host name, an IP address or the path of a socket");
        }

        return read;
    }

    private void Set(string keyword, string value)
    {
        var count = read.Count;
        try
        {
            if (Is(keyword, "Port") && !HostName.IsPort(value))
            {
                throw new ConnectionFormatException("its port is not a number from 1 to 65535");
            }

            // Not by the exception's text or as its cause: both can hold the value.
            read[keyword] = value;
        }
        catch (Exception exception)
            when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException
                && exception is not ConnectionFormatException
            )
        {
            throw new ConnectionFormatException($"the value of {Place} cannot be used");
        }

        if (read.Count == count && secretBefore)
        {
            throw new ConnectionFormatException($"{Place} repeats an earlier parameter");
        }
    }

    private string Place => string.Create(CultureInfo.InvariantCulture, $"parameter {position}");

    private string Unknown(string name)
    {
        if (secretBefore || !Name().IsMatch(name))
        {
            return $"{Place} is unknown";
        }

        return Unsupported.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"the parameter '{name}' is not supported"
            : name.Length >= MinSuggestedLength && Nearest.To(name, Suggested, MaxEdits) is { } meant
                ? $"the parameter '{name}' is unknown, '{meant}' is similar"
            : $"{Place} is unknown";
    }

    private static string? KeywordOf(string name) =>
        Libpq.GetValueOrDefault(name) ?? (Keywords.ContainsKey(name) ? name : null);

    private static bool Is(string keyword, params string[] names) =>
        names.Contains(keyword, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("^[A-Za-z0-9_ ]{1,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

/// <summary>Why a connection string cannot be read. The text holds nothing of the string but a name that may be shown.</summary>
internal sealed class ConnectionFormatException(string reason) : FormatException(reason);
