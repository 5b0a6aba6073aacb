using Etl.Application.Options;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>
/// The loads whose tables are attached. A load that the pointer left stays attached while a transaction can read it: those that
/// were open after the publish are recorded, and once all of them have ended the load is detached. Detaching needs a lock
/// that excludes readers, so it is only tried where nobody holds or awaits the tables, and otherwise left to the next start.
/// </summary>
internal sealed class AttachedLoads(IOptions<SchemaOptions> schemas, IOptions<RunOptions> run)
{
    /// <summary>Loads beyond those that are kept, until a warning is due: readers lock every attached table.</summary>
    private const int Spare = 3;

    /// <summary>
    /// What keeps the rows of transactions up to one from being removed: snapshots of standbys, by way of a replication slot or
    /// of a session that this user may see.
    /// </summary>
    private const string Held = """
        select from (
          select xmin from pg_replication_slots
          union all select backend_xmin from pg_stat_activity where backend_type = 'walsender'
        ) as h where h.xmin is not null
          and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - age(h.xmin) <= w.watched_xid
        """;

    private readonly PublishSql sql = new(schemas.Value);
    private readonly StoreTables store = new(schemas.Value);

    /// <summary>The load that the pointer names, and its run.</summary>
    public async Task<(int Load, string Run)?> NewestAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var newest = await connection.ReadRowsAsync(
            sql.Newest,
            [],
            row => (row.GetInt32(0), row.GetString(1)),
            cancellationToken
        );
        return newest.Count == 0 ? null : newest[0];
    }

    /// <summary>
    /// Records the transactions that may still read loads which the pointer has left. Those that begin later follow the
    /// newest row of the pointer, as it is older than they are.
    /// </summary>
    public async Task WatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var left = await connection.ReadRowsAsync(
            $"""
            with newest as (select load_id, attached_at from {store.Published} order by seq desc limit 1)
            select p.load_id from {store.Published} as p, newest
            where p.load_id <> newest.load_id and newest.attached_at < clock_timestamp()
            """,
            [],
            row => row.GetInt32(0),
            cancellationToken
        );
        await connection.ExecuteSqlAsync(
            $"""
            update {store.Loads}
            set watched = array({OpenTransactions.Query}), watched_xid = pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            where watched is null and load_id = any($1)
            """,
            [left.ToArray()],
            cancellationToken
        );
    }

    public async Task DetachAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await WatchAsync(connection, cancellationToken);
        // Read before the sessions: a cluster does not join their view, which not every user may expand, with a table of its own.
        var published = await connection.ReadRowsAsync(
            $"select load_id from {store.Published} order by seq desc",
            [],
            row => row.GetInt32(0),
            cancellationToken
        );
        var unused = await connection.ReadRowsAsync(
            $"""
            with attached as ({PublishSql.Attached})
            select a.dataset, a.schema, a.name from attached as a left join {store.Loads} as w using (load_id)
            where a.load_id <> all($2)
              and (a.load_id <> all($3) or (not w.watched && array({OpenTransactions.Query}) and not exists ({Held})))
            """,
            [schemas.Value.Store, published.Take(1).ToArray(), published.ToArray()],
            row => (Dataset: row.GetString(0), Schema: row.GetString(1), Name: row.GetString(2)),
            cancellationToken
        );
        foreach (var (dataset, schema, name) in unused)
        {
            await TryDetachAsync(
                connection,
                Identifier.Quote(schemas.Value.Store, dataset),
                Identifier.Quote(schema, name),
                cancellationToken
            );
        }
    }

    /// <summary>The warning, and what to do, if more loads are attached than a few.</summary>
    public async Task<(string Message, string NextStep)?> WarningAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var count = await connection.ReadValueAsync<long>(
            $"select count(distinct load_id) from ({PublishSql.Attached}) as attached",
            [schemas.Value.Store],
            cancellationToken
        );
        return count <= run.Value.KeepRuns + Spare
            ? null
            : (
                $"{count} loads are attached in schema {Identifier.Display(schemas.Value.Store)}: sessions that stay in a transaction, "
                    + "or replication slots, keep earlier ones from being detached.",
                "End long transactions (select pid, xact_start from pg_stat_activity order by xact_start); the next start detaches."
            );
    }

    private static async Task TryDetachAsync(
        NpgsqlConnection connection,
        string parent,
        string table,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await connection.ExecuteSqlAsync(
                $"""
                lock table only {parent} in access exclusive mode nowait;
                lock table only {table} in access exclusive mode nowait;
                alter table {parent} detach partition {table}
                """,
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A session reads it; the next start tries again.
        }
    }
}
