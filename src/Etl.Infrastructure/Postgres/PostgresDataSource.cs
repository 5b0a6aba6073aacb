using System.Globalization;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Creates the token that an RDS user logs in with instead of a password.</summary>
internal delegate ValueTask<string> IamTokenProvider(
    string host,
    int port,
    string user,
    CancellationToken cancellationToken
);

/// <summary>Creates the connection pool of the destination.</summary>
internal static class PostgresDataSource
{
    /// <summary>The oldest version that has every feature the SQL uses.</summary>
    private const int OldestMajor = 13;

    /// <summary>In seconds, for one connection.</summary>
    private const int LongestTry = 60;

    /// <exception cref="EtlException">The connection string is missing or cannot be read. No connection is opened.</exception>
    public static NpgsqlDataSource Open(PostgresOptions options, IamTokenProvider? iamToken = null) =>
        Open(Configure(ConnectionText.Parse(options.ConnectionString), options), options, iamToken);

    /// <summary>Another server with the database and the user of the options. No connection is opened.</summary>
    public static NpgsqlDataSource OpenNode(
        PostgresOptions options,
        IamTokenProvider? iamToken,
        string host,
        int port
    ) => Open(Configure(ConnectionText.Parse(options.ConnectionString, (host, port)), options), options, iamToken);

    private static NpgsqlDataSource Open(
        NpgsqlConnectionStringBuilder connection,
        PostgresOptions options,
        IamTokenProvider? iamToken
    )
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString) { Name = "etl" };
        if (options.UseIamAuthentication)
        {
            ArgumentNullException.ThrowIfNull(iamToken);
            RequireIam(connection);
            builder.UsePasswordProvider(
                _ => throw new NotSupportedException("Connections must be opened asynchronously."),
                (to, cancellationToken) => iamToken(to.Host!, to.Port, to.Username!, cancellationToken)
            );
        }

        return Build(builder);
    }

    /// <summary>The database of the options for another user, who logs in with a password. Nothing is pooled.</summary>
    public static NpgsqlDataSource OpenAs(PostgresOptions options, string user, string password)
    {
        var connection = Configure(ConnectionText.Parse(options.ConnectionString), options);
        (connection.Username, connection.Password, connection.Pooling) = (user, password, false);
        return Build(new NpgsqlSlimDataSourceBuilder(connection.ConnectionString) { Name = "etl-setup" });
    }

    /// <summary>Sets up only the types and logins that are used, as each start pays for them.</summary>
    private static NpgsqlDataSource Build(NpgsqlSlimDataSourceBuilder builder)
    {
        builder.EnableArrays().EnableTransportSecurity().EnableIntegratedSecurity();
        builder.UsePhysicalConnectionInitializer(
            RequireServer,
            fresh =>
            {
                RequireServer(fresh);
                return Task.CompletedTask;
            }
        );
        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Configure(
        NpgsqlConnectionStringBuilder connection,
        PostgresOptions options
    )
    {
        if (!string.IsNullOrWhiteSpace(options.RootCertificate) && string.IsNullOrEmpty(connection.RootCertificate))
        {
            connection.RootCertificate = options.RootCertificate;
        }

        // An error within a batch names the statement, whose file the message shows.
        connection.IncludeFailedBatchedCommand = true;

        // No transaction comes from the surroundings.
        connection.Enlist = false;

        // A server that resumes accepts the connection at once, and answers it when it is ready.
        if (options.ConnectSeconds > connection.Timeout && !connection.ShouldSerialize(nameof(connection.Timeout)))
        {
            connection.Timeout = Math.Min(options.ConnectSeconds, LongestTry);
        }

        if (options.StatementTimeoutSeconds > 0)
        {
            var timeout = string.Create(
                CultureInfo.InvariantCulture,
                $"-c statement_timeout={options.StatementTimeoutSeconds}s"
            );
            connection.Options = string.IsNullOrEmpty(connection.Options) ? timeout : $"{connection.Options} {timeout}";
        }

        return connection;
    }

    private static void RequireIam(NpgsqlConnectionStringBuilder connection)
    {
        var conflict =
            connection.Username is null ? "has no user"
            : !string.IsNullOrEmpty(connection.Password) ? "has a password"
            : connection.Host!.Contains(',', StringComparison.Ordinal) ? "has several hosts"
            : null;
        if (conflict is not null)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"Etl:Postgres:UseIamAuthentication is on, and the connection string {conflict}.",
                "Set one host, the user that is a member of rds_iam, and no password; or set UseIamAuthentication to false."
            );
        }
    }

    private static void RequireServer(NpgsqlConnection fresh)
    {
        RequireVersion(fresh.PostgreSqlVersion);
        RequireEncoding(fresh.PostgresParameters.GetValueOrDefault("server_encoding"));
    }

    /// <summary>The files are UTF-8; only these two encodings store each of their characters.</summary>
    /// <exception cref="EtlException">The database has another encoding.</exception>
    internal static void RequireEncoding(string? encoding)
    {
        if (encoding is not (null or "UTF8" or "SQL_ASCII"))
        {
            throw new EtlException(
                ErrorCode.Database,
                $"The encoding of the database is {encoding}: it cannot store every character of the files.",
                "Create a database with encoding UTF8 (create database … encoding 'UTF8' template template0), and connect to it."
            );
        }
    }

    /// <exception cref="EtlException">The server is too old.</exception>
    internal static void RequireVersion(Version server)
    {
        if (server.Major < OldestMajor)
        {
            throw new EtlException(
                ErrorCode.Database,
                $"The server is PostgreSQL {server}; the oldest supported version is {OldestMajor}.",
                $"Upgrade the server, or use one of version {OldestMajor} or later."
            );
        }
    }
}
