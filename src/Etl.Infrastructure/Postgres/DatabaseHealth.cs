using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Whether the database answers, may be written, and is talked to in private.</summary>
internal sealed class DatabaseHealth(IOptions<PostgresOptions> options, Func<NpgsqlDataSource> open) : IHealthCheck
{
    /// <summary>The oldest version that the tests are run on.</summary>
    private const int TestedMajor = 15;

    private const string Facts = """
        select current_setting('transaction_read_only')::boolean, s.ssl, s.version, inet_server_addr() is null
        from (select pg_backend_pid() as pid) as me left join pg_stat_ssl as s using (pid)
        """;

    public string Name => "database";

    public ErrorCode Cause => ErrorCode.DatabaseUnreachable;

    public Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.ConnectionString))
        {
            return Task.FromResult(HealthFinding.Unknown("the private PostgreSQL does not run yet; a run starts it"));
        }

        var database = open();
        return database.GuardAsync("look at the database", () => CheckAsync(database, cancellationToken));
    }

    private static async Task<HealthFinding> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Facts, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var tls = !row.IsDBNull(1) && row.GetBoolean(1) ? row.GetString(2) : null;
        var local = row.GetBoolean(3) || ConnectionText.IsLocal(connection.Host!);
        var target = ConnectionText.Describe(new NpgsqlConnectionStringBuilder(database.ConnectionString));
        var version = connection.PostgreSqlVersion;
        var way = tls ?? (local ? "on this machine" : "not encrypted");
        var found = $"PostgreSQL {version}, {target}, {way}";
        if (row.GetBoolean(0))
        {
            throw new EtlException(
                ErrorCode.Database,
                $"{found}: it can only be read.",
                "Give the address of the primary, or a user whose transactions may write."
            );
        }

        return (tls, local, version.Major) switch
        {
            (null, false, _) => HealthFinding.Warning(found, "Let `SSL Mode` (sslmode) be VerifyFull."),
            (_, _, < TestedMajor) => HealthFinding.Warning(
                found,
                $"Tests are run on PostgreSQL {TestedMajor}; plan an upgrade."
            ),
            _ => HealthFinding.Good(found),
        };
    }
}
