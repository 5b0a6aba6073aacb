using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>Checks that the database answers and is writable, and that the connection is encrypted or local.</summary>
internal sealed class DatabaseHealth(
    IOptions<PostgresOptions> options,
    IOptions<RunOptions> run,
    IDistribution distribution,
    Func<NpgsqlDataSource> open
) : IHealthCheck
{
    /// <summary>The oldest version that the tests run on.</summary>
    private const int TestedMajor = 15;

    private const string Facts = """
        select current_setting('transaction_read_only')::boolean, s.ssl, s.version, inet_server_addr() is null,
          pg_backend_pid(), current_setting('server_encoding'),
          extract(epoch from current_setting('statement_timeout')::interval)::int
        from (select pg_backend_pid() as pid) as me left join pg_stat_ssl as s using (pid)
        """;

    public string Name => "database";

    public ErrorCode Cause => ErrorCode.DatabaseUnreachable;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.ConnectionString))
        {
            return Task.FromResult(
                HealthCheckResult.NotChecked("the local PostgreSQL is not running; a run starts it")
            );
        }

        var database = open();
        return database.GuardAsync("check the database", () => CheckAsync(database, cancellationToken));
    }

    private async Task<HealthCheckResult> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var nodes = await distribution.RequireAsync(connection, cancellationToken);
        var unreached = run.Value.Loaders > 0 ? await distribution.UnreachedAsync(connection, cancellationToken) : [];
        await using var command = new NpgsqlCommand(Facts, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var tls = !row.IsDBNull(1) && row.GetBoolean(1) ? row.GetString(2) : null;
        var local = row.GetBoolean(3) || ConnectionText.IsLocal(connection.Host!);
        var target = ConnectionText.Describe(new NpgsqlConnectionStringBuilder(database.ConnectionString));
        var version = connection.PostgreSqlVersion;
        var security = tls ?? (local ? "on this machine" : "not encrypted");
        // A pooler gives each client an ID of its own.
        var pooled = row.GetInt32(4) != connection.ProcessID;
        var pooler = pooled ? ", through a connection pooler" : "";
        var found = $"PostgreSQL {version}, {target}, {security}{pooler}{nodes}";
        RequireTimeout(found, row.GetInt32(6));
        if (row.GetBoolean(0))
        {
            throw new EtlException(
                ErrorCode.Database,
                $"{found}: the database is read-only.",
                "Connect to the primary server, or set default_transaction_read_only to off for the user."
            );
        }

        return (tls, local, version.Major) switch
        {
            _ when unreached.Count > 0 => HealthCheckResult.Warning(
                $"{found}. {string.Join(" ", unreached.Select(e => e.Message))}",
                "Let the loaders connect to the nodes of pg_dist_node by their addresses there, as the same user; until then "
                    + "other nodes or the coordinator pass on all rows."
            ),
            _ when row.GetString(5) != "UTF8" => HealthCheckResult.Warning(
                $"{found}, encoding {row.GetString(5)}",
                "Use a database with encoding UTF8: this one does not check which characters it stores."
            ),
            (null, false, _) => HealthCheckResult.Warning(found, "Set `SSL Mode` (sslmode) to VerifyFull."),
            (_, _, < TestedMajor) => HealthCheckResult.Warning(
                found,
                $"The oldest tested version is PostgreSQL {TestedMajor}; plan an upgrade."
            ),
            _ => HealthCheckResult.Ok(found),
        };
    }

    private void RequireTimeout(string found, int seconds)
    {
        if (options.Value.StatementTimeoutSeconds is > 0 and var wanted && wanted != seconds)
        {
            throw new EtlException(
                ErrorCode.Database,
                $"{found}: statement_timeout is {seconds} s instead of Etl:Postgres:StatementTimeoutSeconds, {wanted} s.",
                "Set statement_timeout for the user (alter role … set statement_timeout), and set the setting to 0: the "
                    + "pooler does not pass it on."
            );
        }
    }
}
