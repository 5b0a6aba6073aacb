using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>The schemas of runs: which are still needed, and the drop of the others.</summary>
internal sealed class RunSchemas(PublishSql sql, IDistribution distribution, int keepRuns)
{
    /// <summary>
    /// Kept are schemas with an attached table, those of a run in progress, and those of the last few runs that were published
    /// before the one that readers see. All others are orphans: of runs that failed, of rows that someone deleted from the
    /// ledger.
    /// </summary>
    private readonly string orphans = $$"""
        with schemas as (
          select n.nspname::text as name, translate(substr(n.nspname, 5), '_', '-') as run_id
          from pg_namespace n where n.nspname ~ '^run_[0-9]{8}_[0-9]{3,}(_load_[0-9]+)?$'
        ),
        attached as (
          select distinct c.relnamespace::regnamespace::text as name
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
        ),
        newest as ({{sql.Newest}}),
        published as (
          select run_id from etl.runs
          where status in ('succeeded', 'superseded')
            and run_id in (select run_id from schemas)
            and run_id not in (select run_id from newest)
          order by published_at desc limit $1
        )
        select s.name from schemas s left join etl.runs r using (run_id)
        where s.name not in (select name from attached)
          and s.run_id not in (select run_id from published)
          and not (coalesce(r.status = 'running' and r.lease_until > clock_timestamp(), false))
        order by s.name
        """;

    public async Task DropOldAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var schema in await OrphansAsync(connection, cancellationToken))
        {
            await TryDropAsync(connection, schema, cancellationToken);
        }
    }

    private async Task<List<string>> OrphansAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(orphans, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = keepRuns });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    private async Task TryDropAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            string.Join(
                "; ",
                distribution.LockTimeout.Append($"drop schema if exists {Identifier.Quote(schema)} cascade")
            ),
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
