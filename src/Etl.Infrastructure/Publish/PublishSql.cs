using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using static Etl.Infrastructure.Postgres.Identifier;

namespace Etl.Infrastructure.Publish;

/// <summary>The statements of a publish. Names are quoted, and a run's ID needs no quotes inside a literal.</summary>
internal sealed class PublishSql(SchemaOptions schemas)
{
    /// <summary>What the ledger holds of the tables of a run.</summary>
    private static readonly string[] RunFacts = ["run_files", "run_tests", "reject_counts", "quarantine"];

    private readonly StoreTables store = new(schemas);

    /// <summary>
    /// The attached tables that are runs' own; a user's partition is left alone. Its parameter is the schema of the tables that
    /// they are attached to.
    /// </summary>
    public const string Attached = """
        select (regexp_match(pg_get_expr(c.relpartbound, c.oid), '[0-9]+'))[1]::int as load_id,
          p.relname::text as dataset, cn.nspname::text as schema, c.relname::text as name
        from pg_inherits i
        join pg_class p on p.oid = i.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace and pn.nspname = $1
        join pg_class c on c.oid = i.inhrelid
        join pg_namespace cn on cn.oid = c.relnamespace
        where p.relkind = 'p' and cn.nspname ~ '^run_[0-9]{8}_[0-9]{3,}(_load_[0-9]+)?$'
        order by 1, 2
        """;

    /// <summary>The newest row of the pointer: load and run.</summary>
    public string Newest => $"select load_id, run_id from {store.Published} order by seq desc limit 1";

    /// <summary>The last load of a run, which is that of its tables.</summary>
    public string LoadOf(RunId run) => $"select max(load_id) from {store.Loads} where run_id = '{run}'";

    /// <summary>From now on autovacuum looks after the table, as after any other that people read.</summary>
    public IEnumerable<string> Attach(Dataset dataset, RunId run, int load) =>
        [
            $"alter table {Quote(schemas.Store, dataset.Name)} attach partition {Quote(run.Schema, dataset.Name)} "
                + $"for values in ({load})",
            $"alter table {Quote(run.Schema, dataset.Name)} reset (autovacuum_enabled)",
        ];

    /// <summary>
    /// The datasets whose parents have no statistics, or those of half or twice as many rows: a plan that reads several loads
    /// needs them. Its parameter is the schema of the parents.
    /// </summary>
    public const string Unanalyzed = """
        select p.relname::text from pg_class p
        join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
        where p.relnamespace = to_regnamespace(quote_ident($1)) and p.relkind = 'p'
        group by p.oid, p.relname, p.reltuples
        having p.reltuples < 0
          or sum(greatest(c.reltuples, 0)) not between p.reltuples / 2 and greatest(p.reltuples * 2, 1000)
        """;

    /// <summary>Skipped while someone else collects them.</summary>
    public string Analyze(Dataset dataset) =>
        Statistics.Collect(dataset, $"(skip_locked) {Quote(schemas.Store, dataset.Name)}", StoreTables.LoadId);

    public string Point(RunId run, int load, string attachedAt) => store.Point($"{load}", $"{run}", attachedAt);

    /// <summary>Lets the rows of an analytics table be those that a run computed: of its day, or all of them.</summary>
    public IEnumerable<string> Replace(Mart table, RunId run, IReadOnlyList<string> columns) =>
        [DeleteAbsent(table, run), Upsert(table, run, columns)];

    /// <summary>Deletes the rows that runs of a day computed; for a table without days, all of them.</summary>
    public string Delete(Mart table, BusinessDate day) =>
        $"delete from {Quote(schemas.Analytics, table.Name)}"
        + (table.IsDaily ? $" where {Quote(Mart.DayColumn)} = date '{day}'" : "");

    /// <summary>Gives the tables of a run, and what the ledger holds of them, to the run that restores them.</summary>
    public IEnumerable<string> TakeOver(RunId run, RunId from) =>
        [
            $"alter schema {Quote(from.Schema)} rename to {Quote(run.Schema)}",
            // Readers may begin to read the load again, so that those who read it before do not count.
            $"update {store.Loads} set run_id = '{run}', watched = null, watched_xid = null where run_id = '{from}'",
            .. RunFacts.Select(table =>
                $"insert into etl.{table} select (jsonb_populate_record(t, '{{\"run_id\": \"{run}\"}}')).* "
                + $"from etl.{table} as t where run_id = '{from}'"
            ),
        ];

    /// <summary>Only as long as they are published.</summary>
    public static string TakeBack(IEnumerable<RunId> runs) =>
        $"""
            update etl.runs
            set status = 'rolled_back', finished_at = coalesce(finished_at, clock_timestamp()),
              lease_owner = null, lease_until = null
            where run_id in ({string.Join(", ", runs.Select(r => $"'{r}'"))}) and status in ('succeeded', 'superseded')
            """;

    /// <summary>Writes only the rows that are new or changed.</summary>
    private string Upsert(Mart table, RunId run, IReadOnlyList<string> columns)
    {
        var names = string.Join(", ", columns.Select(Quote));
        var others = columns.Except(table.Key).ToList();
        var action =
            others.Count == 0
                ? "nothing"
                : $"""
                    update set {string.Join(", ", others.Select(c => $"{Quote(c)} = excluded.{Quote(c)}"))}
                    where ({string.Join(", ", others.Select(c => $"old.{Quote(c)}"))})
                      is distinct from ({string.Join(", ", others.Select(c => $"excluded.{Quote(c)}"))})
                    """;
        return $"""
            insert into {Quote(schemas.Analytics, table.Name)} as old ({names})
            select {names} from {Quote(run.Schema, table.Name)}
            on conflict ({string.Join(", ", table.Key.Select(Quote))}) do {action}
            """;
    }

    /// <summary>Deletes what the run no longer has: of its own day, or of the whole snapshot.</summary>
    private string DeleteAbsent(Mart table, RunId run)
    {
        var same = string.Join(" and ", table.Key.Select(k => $"new.{Quote(k)} = old.{Quote(k)}"));
        var day = table.IsDaily ? $" and old.{Quote(Mart.DayColumn)} = date '{run.BusinessDate}'" : "";
        return $"delete from {Quote(schemas.Analytics, table.Name)} as old "
            + $"where not exists (select from {Quote(run.Schema, table.Name)} as new where {same}){day}";
    }
}
