using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using static Etl.Infrastructure.Postgres.Identifier;

namespace Etl.Infrastructure.Publish;

/// <summary>The statements of a publish. Names are quoted, and a run's ID needs no quotes inside a literal.</summary>
internal sealed class PublishSql(SchemaOptions schemas)
{
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

    /// <summary>The statistics that a plan needs which reads several loads; skipped while someone else collects them.</summary>
    public string Analyze(Dataset dataset)
    {
        var columns = dataset
            .Columns.Where(c => c.Type.IsAnalyzed || dataset.Key.Contains(c.Name))
            .Select(c => c.Name)
            .Append(StoreTables.LoadId);
        return $"analyze (skip_locked) {Quote(schemas.Store, dataset.Name)} ({string.Join(", ", columns.Select(Quote))})";
    }

    public string Point(RunId run, int load, string attachedAt) => store.Point($"{load}", $"{run}", attachedAt);

    /// <summary>Writes only the rows that are new or changed.</summary>
    public string Upsert(Mart table, RunId run, IReadOnlyList<string> columns)
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
    public string DeleteAbsent(Mart table, RunId run)
    {
        var same = string.Join(" and ", table.Key.Select(k => $"new.{Quote(k)} = old.{Quote(k)}"));
        var day = table.IsDaily ? $" and old.{Quote(Mart.DayColumn)} = date '{run.BusinessDate}'" : "";
        return $"delete from {Quote(schemas.Analytics, table.Name)} as old "
            + $"where not exists (select from {Quote(run.Schema, table.Name)} as new where {same}){day}";
    }
}
