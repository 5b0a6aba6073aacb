using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The partitioned tables of the staging schema that an earlier version published into. They become views: the published
/// run's tables move to the store, and what users built on the tables is built on the views again.
/// </summary>
internal sealed class EarlierTables(SchemaOptions schemas, IEnumerable<StagingView> views)
{
    private const string Suffix = "_before_views";

    private readonly StoreTables store = new(schemas);
    private readonly IReadOnlyList<StagingView> views = [.. views];

    public IEnumerable<string> Names => views.Select(v => $"{v.FullName} as a view");

    public static bool IsOne(FoundTable found) => found.PartitionKey == "LIST (run_id)";

    public bool Has(string name) => views.Any(v => v.Name == name);

    /// <summary>The published run's tables must fit the tables that they move to.</summary>
    public IEnumerable<EtlError> Differences(IReadOnlyList<DescribedTable> tables, Func<string, FoundTable> found) =>
        from table in tables
        where table.IsPartitioned && Has(table.Name)
        let earlier = table with
        {
            Schema = schemas.Staging,
            Columns = [.. table.Columns.SkipLast(1), ("run_id", "text not null")],
        }
        from error in TableComparison.Differences(earlier, found(table.Name), [])
        select error;

    /// <summary>An error for each object that cannot be built again on a view.</summary>
    public async Task<IReadOnlyList<EtlError>> ObstaclesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        if (views.Count == 0)
        {
            return [];
        }

        var obstacles = await connection.ReadRowsAsync(
            EarlierTablesSql.Obstacles,
            [Tables()],
            row => (Table: row.GetString(0), Object: row.GetString(1)),
            cancellationToken
        );
        return
        [
            .. obstacles.Select(o => new EtlError(
                ErrorCode.Database,
                $"Table {o.Table} becomes a view, and this cannot be built again on a view: {o.Object}.",
                $"Drop it and run `etl migrate`; then create it again, on the table of schema {Identifier.Display(schemas.Store)} "
                    + "or on the view. Nothing was changed."
            )),
        ];
    }

    /// <summary>In the caller's transaction, after the tables of the store were created.</summary>
    public async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (views.Count == 0)
        {
            return;
        }

        // Definitions then name every object with its schema.
        await connection.ExecuteSqlAsync(
            "set local search_path = pg_catalog; set local lock_timeout = '5s'",
            cancellationToken
        );
        await connection.ExecuteSqlAsync(
            $"lock table {string.Join(", ", Tables())} in access exclusive mode",
            cancellationToken
        );
        var (before, after) = await DependentsAsync(connection, cancellationToken);
        foreach (var view in views)
        {
            after.InsertRange(0, await ViewGrants.CopyAsync(connection, view.Quoted, view.Quoted, cancellationToken));
            after.InsertRange(0, await TextsAsync(connection, EarlierTablesSql.Comments, view, cancellationToken));
        }

        List<string> statements = [.. before, .. await MoveAsync(connection, cancellationToken)];
        foreach (var view in views)
        {
            var old = Identifier.Quote(view.Name + Suffix);
            statements.Add($"alter table {view.Quoted} rename to {old}");
            statements.Add(view.CreateSql);
            after.Add($"drop table {Identifier.Quote(view.Schema)}.{old}");
        }

        foreach (var sql in statements.Concat(after))
        {
            await connection.ExecuteSqlAsync(sql, cancellationToken);
        }

        await connection.ExecuteSqlAsync("set local search_path to default", cancellationToken);
    }

    private string[] Tables() => [.. views.Select(v => v.Quoted)];

    /// <summary>What is dropped first, and what is created last: views and functions are replaced in place.</summary>
    private async Task<(List<string> Before, List<string> After)> DependentsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var found = await connection.ReadRowsAsync(
            EarlierTablesSql.Dependents,
            [Tables()],
            row => (Drop: row.IsDBNull(0) ? null : row.GetString(0), Create: row.GetFieldValue<string[]>(1)),
            cancellationToken
        );
        return ([.. found.Select(f => f.Drop).OfType<string>()], [.. found.SelectMany(f => f.Create)]);
    }

    /// <summary>Gives each attached run a load, and moves its tables to the store.</summary>
    private async Task<List<string>> MoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var attached = await connection.ReadRowsAsync(
            EarlierTablesSql.Attached,
            [Tables()],
            row => (Schema: row.GetString(0), Name: row.GetString(1)),
            cancellationToken
        );
        var statements = new List<string>();
        var load = await connection.ReadValueAsync<int>(
            $"select coalesce(max({StoreTables.LoadId}), 0) from {store.Loads}",
            [],
            cancellationToken
        );
        foreach (var run in attached.GroupBy(a => a.Schema))
        {
            load++;
            var id = run.Key[4..].Replace('_', '-');
            statements.Add($"insert into {store.Loads} ({StoreTables.LoadId}, run_id) values ({load}, '{id}')");
            statements.Add(store.Point($"{load}", id, "'-infinity'"));
            foreach (var (schema, name) in run)
            {
                var table = Identifier.Quote(schema, name);
                statements.Add($"alter table {Identifier.Quote(schemas.Staging, name)} detach partition {table}");
                statements.Add(
                    $"alter table {table} drop column run_id, add column {StoreTables.LoadId} integer not null default {load}"
                );
                statements.Add(
                    $"alter table {Identifier.Quote(schemas.Store, name)} attach partition {table} for values in ({load})"
                );
            }
        }

        return statements;
    }

    private static Task<List<string>> TextsAsync(
        NpgsqlConnection connection,
        string sql,
        StagingView view,
        CancellationToken cancellationToken
    ) => connection.ReadRowsAsync(sql, [view.Quoted], row => row.GetString(0), cancellationToken);
}

/// <summary>The queries on what depends on tables; their parameter is the tables' quoted names.</summary>
internal static class EarlierTablesSql
{
    private const string Named = """
        with tables as (
          select t::regclass as name, c.* from unnest($1::text[]) as t join pg_class as c on c.oid = t::regclass
        ),
        run_tables as (
          select i.inhrelid as oid, n.nspname, c.relname, i.inhparent
          from tables as t join pg_inherits as i on i.inhparent = t.oid
          join pg_class as c on c.oid = i.inhrelid join pg_namespace as n on n.oid = c.relnamespace
          where n.nspname ~ '^run_[0-9]{8}_[0-9]{3,}$' and c.relname = t.relname
        ),
        rewritten as (
          select distinct v.oid, v.relkind, v.relowner, t.name
          from tables as t
          join pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
          join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid and r.rulename = '_RETURN'
          join pg_class as v on v.oid = r.ev_class
        )
        """;

    /// <summary>Runs' own tables among the partitions, the newest run last.</summary>
    public const string Attached = $"""
        {Named}
        select nspname::text, relname::text from run_tables
        order by substr(nspname, 5, 8), substr(nspname, 14)::int, relname
        """;

    /// <summary>Comments of a table and of its columns, for a view of its name.</summary>
    public const string Comments = """
        select case d.objsubid
          when 0 then format('comment on view %s is %L', $1, d.description)
          else format('comment on column %s.%I is %L', $1, a.attname, d.description) end
        from pg_description as d left join pg_attribute as a on a.attrelid = d.objoid and a.attnum = d.objsubid
        where d.classoid = 'pg_class'::regclass and d.objoid = $1::regclass
        """;

    /// <summary>
    /// Everything but views, materialized views that nothing depends on, functions, and the runs' tables; what belongs to another
    /// user; and a publication of the tables' schema (PostgreSQL 15 and later), which would be left without them.
    /// </summary>
    public const string Obstacles = $"""
        {Named}
        select t.name::text, pg_describe_object(d.classid, d.objid, d.objsubid)
        from tables as t join pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
        where d.deptype in ('n', 'a')
          and not (d.classid = 'pg_rewrite'::regclass and exists (
            select from pg_rewrite as r where r.oid = d.objid and r.rulename = '_RETURN'))
          and d.classid <> 'pg_proc'::regclass
          and not (d.classid = 'pg_class'::regclass and d.objid in (select oid from run_tables))
          and not (d.classid = 'pg_constraint'::regclass and exists (
            select from pg_constraint as k where k.oid = d.objid and k.contype = 'n'))
        union
        select t.name::text, pg_describe_object(d.classid, d.objid, d.objsubid)
        from tables as t join pg_type as y on y.oid = t.reltype
        join pg_depend as d on d.refclassid = 'pg_type'::regclass and d.refobjid in (y.oid, y.typarray) and d.deptype = 'n'
        union
        select m.name::text, pg_describe_object(d.classid, d.objid, d.objsubid) || ', which depends on a materialized view'
        from rewritten as m
        join pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = m.oid and d.deptype = 'n'
        join pg_rewrite as r on d.classid <> 'pg_rewrite'::regclass or r.oid = d.objid
        where m.relkind = 'm' and (d.classid <> 'pg_rewrite'::regclass or r.ev_class <> m.oid)
        union
        select t.name::text, pg_describe_object(d.classid, d.objid, d.objsubid)
        from tables as t join pg_depend as d on d.refclassid = 'pg_namespace'::regclass and d.refobjid = t.relnamespace
        where d.classid = to_regclass('pg_catalog.pg_publication_namespace')
        union
        select name::text, 'row security' from tables where relrowsecurity
        union
        select v.name::text, format('%s, which belongs to %s', v.oid::regclass, v.relowner::regrole)
        from rewritten as v where not pg_has_role(v.relowner, 'usage')
        union
        select t.name::text, format('%s, which belongs to %s', p.oid::regprocedure, p.proowner::regrole)
        from tables as t join pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
        join pg_proc as p on d.classid = 'pg_proc'::regclass and p.oid = d.objid
        where not pg_has_role(p.proowner, 'usage')
        order by 1, 2
        """;

    /// <summary>What to drop, or null, and the statements that create it again, in the order of creation.</summary>
    public const string Dependents = $"""
        {Named},
        functions as (
          select distinct p.oid from tables as t
          join pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
          join pg_proc as p on d.classid = 'pg_proc'::regclass and p.oid = d.objid
        )
        select d.drop, d.create from (
          select v.oid, null as drop, array[
            format('create or replace view %s%s as %s', v.oid::regclass,
              (select ' with (' || array_to_string(c.reloptions, ', ') || ')' from pg_class as c where c.oid = v.oid),
              pg_get_viewdef(v.oid))] as create
          from (select distinct oid, relkind from rewritten) as v where v.relkind = 'v'
          union all
          select p.oid, null, array[format('do %L', format('begin execute %L; end', pg_get_functiondef(p.oid)))]
          from functions as p
          union all
          select m.oid, format('drop materialized view %s', m.oid::regclass),
            array[
              format('create materialized view %s%s as %s with %sdata', m.oid::regclass,
                (select ' with (' || array_to_string(c.reloptions, ', ') || ')' from pg_class as c where c.oid = m.oid),
                rtrim(pg_get_viewdef(m.oid), ';'),
                case when (select c.relispopulated from pg_class as c where c.oid = m.oid) then '' else 'no ' end)]
            || array(select pg_get_indexdef(i.indexrelid) from pg_index as i where i.indrelid = m.oid order by 1)
            || array(
              select format('grant %s on %s to %s', a.privilege_type, m.oid::regclass,
                case a.grantee when 0 then 'public' else a.grantee::regrole::text end)
              from pg_class as c cross join aclexplode(c.relacl) as a where c.oid = m.oid and a.grantee <> c.relowner)
            || array(
              select format('comment on materialized view %s is %L', m.oid::regclass, d.description)
              from pg_description as d
              where d.classoid = 'pg_class'::regclass and d.objoid = m.oid and d.objsubid = 0)
            || array[format('alter materialized view %s owner to %s', m.oid::regclass, m.relowner::regrole)]
          from (select distinct oid, relkind, relowner from rewritten) as m where m.relkind = 'm'
        ) as d
        order by d.oid
        """;
}
