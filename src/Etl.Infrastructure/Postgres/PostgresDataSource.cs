using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Builds the pool of connections to the destination.</summary>
internal static class PostgresDataSource
{
    /// <summary>The oldest server with all that the SQL uses.</summary>
    private const int OldestMajor = 13;

    /// <exception cref="EtlException">The connection string is missing or cannot be read. Nothing is connected yet.</exception>
    public static NpgsqlDataSource Open(PostgresOptions options)
    {
        var connection = ConnectionText.Parse(options.ConnectionString);
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "etl" };
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
