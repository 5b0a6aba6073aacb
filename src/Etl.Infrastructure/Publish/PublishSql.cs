using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using static Etl.Infrastructure.Postgres.Identifier;

namespace Etl.Infrastructure.Publish;

/// <summary>The statements of a publish. Names are quoted, and a run's ID needs no quotes inside a literal.</summary>
internal sealed class PublishSql(SchemaOptions schemas)
{
    /// <summary>
    /// Partitions of the staging tables that are runs' own; a user's partition is left alone. Its parameter is the schema of
    /// the staging tables.
    /// </summary>
    public const string AttachedPartitions = """
        select p.relname::text, cn.nspname::text
        from pg_inherits i
        join pg_class p on p.oid = i.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace and pn.nspname = $1
        join pg_class c on c.oid = i.inhrelid
        join pg_namespace cn on cn.oid = c.relnamespace
        where p.relkind = 'p' and cn.nspname ~ '^run_[0-9]{8}_[0-9]{3,}$' and c.relname = p.relname
        """;

    /// <summary>The newest run whose partitions readers see; all its tables are attached together.</summary>
    public const string PublishedRun = $"""
        select replace(substr(nspname, 5), '_', '-')
        from ({AttachedPartitions}) as attached (relname, nspname)
        order by substr(nspname, 5, 8) desc, substr(nspname, 14)::int desc limit 1
        """;

    public string Attach(Dataset dataset, RunId run) =>
        $"alter table {Quote(schemas.Staging, dataset.Name)} attach partition {Quote(run.Schema, dataset.Name)} "
        + $"for values in ('{run}')";

    public string Detach(string dataset, string schema) =>
        $"alter table {Quote(schemas.Staging, dataset)} detach partition {Quote(schema, dataset)}";

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
