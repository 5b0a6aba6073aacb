using System.Net;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Reads a connection string, applies defaults, and describes it without secrets.</summary>
internal static class ConnectionText
{
    /// <summary>The three forms, for an error's next step.</summary>
    public const string Forms =
        "Npgsql keywords (Host=…;Database=…;Username=…), libpq key=value (host=… dbname=… user=…) or a "
        + "postgresql://user@host:5432/database URI";

    private const string Setting = "Etl:Postgres:ConnectionString";
    private const string NameMarks = "_-.$@+ ";
    private const int MaxNameLength = 63; // PostgreSQL's own limit, in bytes

    /// <summary>
    /// Npgsql keywords, libpq's <c>key=value</c> or a <c>postgresql://</c> URI, with the defaults that a run needs.
    /// </summary>
    /// <exception cref="EtlException">
    /// It is missing or cannot be read. The error shows nothing of it except a name, by the rule of
    /// <see cref="ConnectionParameters"/>.
    /// </exception>
    /// <param name="text">The text.</param>
    /// <param name="server">The host and port in place of its own.</param>
    public static NpgsqlConnectionStringBuilder Parse(string? text, (string Host, int Port)? server = null)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Unreadable($"No database is configured: {Setting} is empty.");
        }

        try
        {
            var connection = Read(text);
            if (server is { } other)
            {
                (connection.Host, connection.Port, connection.TargetSessionAttributes) = (other.Host, other.Port, null);
            }

            return WithDefaults(connection);
        }
        catch (ConnectionFormatException exception)
        {
            throw Unreadable($"The connection string of {Setting} cannot be read: {exception.Message}.");
        }
    }

    /// <summary>The reason why a string cannot be read, without any part of it; null if it can be read.</summary>
    public static string? ProblemOf(string text)
    {
        try
        {
            Read(text);
            return null;
        }
        catch (ConnectionFormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Host, port, database and user; no other part of the string is ever shown.</summary>
    public static string Redact(string? text) => Describe(Parse(text));

    /// <inheritdoc cref="Redact"/>
    public static string Describe(NpgsqlConnectionStringBuilder connection)
    {
        var host = connection.Host is { } given && given.Split(',').All(HostName.IsValid) ? given : "the host";
        var port = host.Contains(':', StringComparison.Ordinal) ? "" : $":{connection.Port}";
        var database = Name(connection.Database ?? connection.Username);
        return $"{host}{port}/{database} as {(connection.Username is { } user ? Name(user) : "the system's user")}";
    }

    /// <summary>The name of a database or user if it is valid; any other text could be part of a secret.</summary>
    private static string? Name(string? name) => name is null || IsName(name) ? name : "(name not shown)";

    /// <summary>Whether a text has the length and the characters of a name.</summary>
    public static bool IsName(string text) =>
        text.Length <= MaxNameLength
        && text.All(c => char.IsLetterOrDigit(c) || NameMarks.Contains(c, StringComparison.Ordinal));

    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        var parameters = new ConnectionParameters();
        if (ConnectionUri.IsUri(text.Trim()))
        {
            ConnectionUri.Read(text.Trim(), parameters.Add);
        }
        else
        {
            ConnectionKeywords.Read(text, parameters.Add);
        }

        return parameters.Build();
    }

    /// <summary>Whether the server is on this machine: a socket or a loopback address.</summary>
    public static bool IsLocal(string hosts) =>
        hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(IsLocalHost);

    private static bool IsLocalHost(string host)
    {
        var name = host.Count(c => c == ':') == 1 ? host[..host.IndexOf(':', StringComparison.Ordinal)] : host;
        return host.StartsWith('/')
            || host.StartsWith('@')
            || string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    private static NpgsqlConnectionStringBuilder WithDefaults(NpgsqlConnectionStringBuilder connection)
    {
        var given = connection.Keys.Cast<string>().Select(Normalize).ToHashSet();
        connection.Host ??= "localhost";
        Default("applicationname", () => connection.ApplicationName = "etl");
        // Timestamps are read and written in UTC, whatever the server's default time zone is.
        Default("timezone", () => connection.Timezone = "UTC");
        // A load or transform has no fixed duration; the run's cancellation token ends it.
        Default("commandtimeout", () => connection.CommandTimeout = 0);
        if (!IsLocal(connection.Host))
        {
            // Unix domain sockets reject the option.
            Default("tcpkeepalive", () => (connection.TcpKeepAlive, connection.TcpKeepAliveTime) = (true, 30));
            Default("sslmode", () => connection.SslMode = SslMode.VerifyFull);
        }

        // Without it the driver drops the detail. Values of rows are removed where an error is described.
        Default("includeerrordetail", () => connection.IncludeErrorDetail = true);
        // Requesting it loads Kerberos, which prints a warning to stderr where it is not installed.
        Default("gssencryptionmode", () => connection.GssEncryptionMode = GssEncryptionMode.Disable);

        return connection;

        void Default(string keyword, Action set)
        {
            if (!given.Contains(keyword))
            {
                set();
            }
        }
    }

    private static string Normalize(string keyword) =>
        keyword
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("_", "", StringComparison.Ordinal)
            .ToLowerInvariant();

    private static EtlException Unreadable(string message) =>
        new(ErrorCode.Configuration, message, $"Set ETL__POSTGRES__CONNECTIONSTRING to {Forms}.");
}
