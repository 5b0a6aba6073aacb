using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>The schemas of runs: which are still needed, and the drop of the others.</summary>
internal sealed class RunSchemas(NpgsqlDataSource database, int keepRuns, TimeSpan lockTimeout)
{
    /// <summary>
    /// Kept are the schemas that readers see, in whichever schema the staging tables are, those of a run in progress, and those of the last few runs that were
    /// published before. All others are orphans: of runs that failed, of rows that someone deleted from the ledger.
    /// </summary>
    private const string Orphans = """
        with schemas as (
          select n.nspname::text as name, translate(substr(n.nspname, 5), '_', '-') as run_id
          from pg_namespace n where n.nspname ~ '^run_[0-9]{8}_[0-9]{3,}$'
        ),
        attached as (
          select distinct c.relnamespace::regnamespace::text as name
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
        ),
        published as (
          select run_id from etl.runs
          where status in ('succeeded', 'superseded')
            and translate(run_id, '-', '_') not in (select substr(name, 5) from attached)
          order by published_at desc limit $1
        )
        select s.name from schemas s left join etl.runs r using (run_id)
        where s.name not in (select name from attached)
          and s.run_id not in (select run_id from published)
          and not (coalesce(r.status = 'running' and r.lease_until > clock_timestamp(), false))
        order by s.name
        """;

    public async Task DropOldAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var schema in await OrphansAsync(connection, cancellationToken))
        {
            await TryDropAsync(connection, schema, cancellationToken);
        }
    }

    private async Task<List<string>> OrphansAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Orphans, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = keepRuns });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var orphans = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            orphans.Add(reader.GetString(0));
        }

        return orphans;
    }

    private async Task TryDropAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"set local lock_timeout = {(int)lockTimeout.TotalMilliseconds}; "
                + $"drop schema if exists {Identifier.Quote(schema)} cascade",
            connection
        );
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A session still reads it; the next start tries again.
        }
    }
}
