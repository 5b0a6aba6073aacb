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

/// <summary>Builds the pool of connections to the destination.</summary>
internal static class PostgresDataSource
{
    /// <summary>The oldest server with all that the SQL uses.</summary>
    private const int OldestMajor = 13;

    /// <exception cref="EtlException">The connection string is missing or cannot be read. Nothing is connected yet.</exception>
    public static NpgsqlDataSource Open(PostgresOptions options, IamTokenProvider? iamToken = null)
    {
        var connection = Configure(ConnectionText.Parse(options.ConnectionString), options);
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "etl" };
        if (options.UseIamAuthentication)
        {
            ArgumentNullException.ThrowIfNull(iamToken);
            RequireIam(connection);
            builder.UsePasswordProvider(
                _ => throw new NotSupportedException("Connections are opened asynchronously, always."),
                (to, cancellationToken) => iamToken(to.Host!, to.Port, to.Username!, cancellationToken)
            );
        }

        builder.UsePhysicalConnectionInitializer(
            RequireVersion,
            fresh =>
            {
                RequireVersion(fresh);
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
        var exception =
            connection.Username is null ? "names no user"
            : !string.IsNullOrEmpty(connection.Password) ? "holds a password"
            : connection.Host!.Contains(',', StringComparison.Ordinal) ? "names several hosts"
            : null;
        if (exception is not null)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"Etl:Postgres:UseIamAuthentication is on, and the connection string {exception}.",
                "Name one host and the user that has the right rds_iam, and no password; or turn the setting off."
            );
        }
    }

    private static void RequireVersion(NpgsqlConnection fresh) => RequireVersion(fresh.PostgreSqlVersion);

    /// <exception cref="EtlException">The server is too old.</exception>
    internal static void RequireVersion(Version server)
    {
        if (server.Major < OldestMajor)
        {
            throw new EtlException(
                ErrorCode.Database,
                $"The server is PostgreSQL {server}; {OldestMajor} is the oldest that is supported.",
                $"Upgrade the server, or use another of version {OldestMajor} or later."
            );
        }
    }
}
