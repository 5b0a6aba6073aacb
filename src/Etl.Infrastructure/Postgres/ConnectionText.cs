using System.Data.Common;
using System.Net;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Reads a connection string, makes it safe, and shows it without its secrets.</summary>
internal static class ConnectionText
{
    private const string Setting = "Etl:Postgres:ConnectionString";

    /// <summary>Npgsql keywords or a <c>postgresql://</c> URI, with the defaults that a run needs.</summary>
    /// <exception cref="EtlException">There is none, or it cannot be read; nothing of it is shown.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Unreadable($"No database is configured: {Setting} is empty.");
        }

        try
        {
            var given = ConnectionUri.IsUri(text)
                ? ConnectionUri.Read(text)
                : new DbConnectionStringBuilder { ConnectionString = text };
            return WithDefaults(given);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            throw Unreadable($"The connection string of {Setting} cannot be read.", exception);
        }
    }

    /// <summary>Host, port, database and user; nothing else of the string ever leaves the process.</summary>
    public static string Redact(string? text) => Describe(Parse(text));

    public static string Describe(NpgsqlConnectionStringBuilder connection)
    {
        var port = connection.Host!.Contains(':', StringComparison.Ordinal) ? "" : $":{connection.Port}";
        var database = connection.Database ?? connection.Username;
        return $"{connection.Host}{port}/{database} as {connection.Username ?? "the system's user"}";
    }

    /// <summary>Whether the server can only be on this machine: its socket, or a loopback address.</summary>
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

    private static NpgsqlConnectionStringBuilder WithDefaults(DbConnectionStringBuilder given)
    {
        var said = given.Keys.Cast<string>().Select(Plain).ToHashSet();
        var connection = new NpgsqlConnectionStringBuilder(given.ConnectionString);
        connection.Host ??= "localhost";
        Default("applicationname", () => connection.ApplicationName = "etl");
        // Days are read and written as they are; the session must not add a zone of its own.
        Default("timezone", () => connection.Timezone = "UTC");
        // A load and a transform take what they take: the run's own token is what ends them.
        Default("commandtimeout", () => connection.CommandTimeout = 0);
        if (!IsLocal(connection.Host))
        {
            // Sockets of this machine refuse the option, and need it not.
            Default("tcpkeepalive", () => (connection.TcpKeepAlive, connection.TcpKeepAliveTime) = (true, 30));
            Default("sslmode", () => connection.SslMode = SslMode.VerifyFull);
        }

        if (!said.Contains("gssencmode"))
        {
            // To ask for it loads Kerberos, which few machines have, and which says so on stderr.
            Default("gssencryptionmode", () => connection.GssEncryptionMode = GssEncryptionMode.Disable);
        }

        return connection;

        void Default(string keyword, Action set)
        {
            if (!said.Contains(keyword))
            {
                set();
            }
        }
    }

    private static string Plain(string keyword) =>
        keyword
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("_", "", StringComparison.Ordinal)
            .ToLowerInvariant();

    private static EtlException Unreadable(string message, Exception? cause = null) =>
        new(
            ErrorCode.Configuration,
            message,
            "Set ETL__POSTGRES__CONNECTIONSTRING to Npgsql keywords (Host=…;Database=…;Username=…) or to a "
                + "postgresql://user@host:5432/database URI, reserved characters percent-encoded.",
            cause: cause
        );
}
