using System.Globalization;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>The sessions that a publish waits for: those that hold a lock on a staging table or an attached partition.</summary>
internal sealed class StagingReaders(NpgsqlDataSource database, SchemaOptions schemas)
{
    /// <summary>Of other users' sessions the age of the transaction is visible with pg_read_all_stats only.</summary>
    private const string Holders = """
        with parents as (
          select c.oid from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
          where n.nspname = $1 and c.relkind = 'p'
        )
        select distinct l.virtualtransaction, l.pid, a.usename::text, a.application_name, a.backend_type,
          extract(epoch from clock_timestamp() - a.xact_start)::float8
        from pg_locks as l left join pg_stat_activity as a on a.pid = l.pid
        where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_backend_pid()
          and l.database = (select oid from pg_database where datname = current_database())
          and (
            l.relation in (select oid from parents)
            or l.relation in (select inhrelid from pg_inherits where inhparent in (select oid from parents))
          )
        order by l.pid
        """;

    public async Task<IReadOnlyList<StagingReader>> FindAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ReadRowsAsync(
            Holders,
            [schemas.Staging],
            row => new StagingReader(
                row.GetString(0),
                row.IsDBNull(1) ? null : row.GetInt32(1),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? "" : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : TimeSpan.FromSeconds(row.GetDouble(5))
            ),
            cancellationToken
        );
    }
}

/// <summary>A session, and its transaction.</summary>
/// <param name="Transaction">Identity of the transaction.</param>
/// <param name="Pid">The process; null for a prepared transaction.</param>
/// <param name="User">The user; null for a process of the server, such as autovacuum.</param>
/// <param name="Application">The name that the session gave itself, in printable ASCII; may be empty.</param>
/// <param name="Kind">Kind of the process, such as <c>autovacuum worker</c>; null for a prepared transaction.</param>
/// <param name="Age">How long the transaction has lasted; null if this user may not see it.</param>
internal sealed record StagingReader(
    string Transaction,
    int? Pid,
    string? User,
    string Application,
    string? Kind,
    TimeSpan? Age
)
{
    /// <summary>As in <c>session 4711 (user dash, application psql, in a transaction for 75 s)</c>.</summary>
    public override string ToString()
    {
        if (Pid is null)
        {
            return $"the prepared transaction {Transaction}";
        }

        List<string> facts = [User is null ? Kind ?? "a process of the server" : $"user {User}"];
        if (Application.Length > 0)
        {
            facts.Add($"application {Application}");
        }

        if (Age is { } age)
        {
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"in a transaction for {age.TotalSeconds:0} s"));
        }

        return string.Create(CultureInfo.InvariantCulture, $"session {Pid} ({string.Join(", ", facts)})");
    }
}
