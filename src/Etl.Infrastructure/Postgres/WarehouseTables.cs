using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The tables of schemas <c>staging</c> and <c>analytics</c>, from the descriptions of datasets and marts. A missing table is
/// created; one that differs from its description is an error, never altered. Tables without a description are ignored.
/// </summary>
internal sealed class WarehouseTables(DatasetCatalog datasets, MartCatalog marts)
{
    private const string Existing = """
        select n.nspname || '.' || c.relname,
          (
            select coalesce(string_agg(
              a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || case when a.attcollation <> t.typcollation then ' collate "' || l.collname || '"' else '' end
                || case when a.attnotnull then ' not null' else '' end,
              ', ' order by a.attnum
            ), '')
            from pg_attribute as a
            join pg_type as t on t.oid = a.atttypid
            left join pg_collation as l on l.oid = a.attcollation
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          )
          || coalesce((
            select ', primary key (' || string_agg(a.attname, ', ' order by k.position) || ')'
            from pg_index as i
            cross join unnest(i.indkey) with ordinality as k (attnum, position)
            join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
            where i.indrelid = c.oid and i.indisprimary
          ), '')
          || case when c.relkind = 'p' then ', ' || pg_get_partkeydef(c.oid) else '' end
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('staging', 'analytics') and c.relkind in ('r', 'p', 'v', 'm', 'f')
        """;

    /// <summary>
    /// Only its owner may attach a partition to a table. Where schema staging belongs to a role of its own (docs/roles.sql) the
    /// tables belong to that role.
    /// </summary>
    private const string GiveToOwner = """
        do $$
        declare
          parent record;
        begin
          for parent in
            select c.oid::regclass as name, pg_get_userbyid(n.nspowner) as owner
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'staging' and c.relkind = 'p' and c.relowner <> n.nspowner
          loop
            execute format('alter table %s owner to %I', parent.name, parent.owner);
          end loop;
        end $$
        """;

    private IEnumerable<Table> All =>
        datasets
            .All.Select(d => new Table(
                "staging",
                d.Name,
                [.. d.Columns.Select(c => (c.Name, TypeOf(c))), ("run_id", "text not null")],
                Key: [],
                IsPartitioned: true
            ))
            .Concat(
                marts.All.Select(m => new Table(
                    "analytics",
                    m.Name,
                    [.. m.Columns.Select(c => (c.Name, c.SqlType + (c.Nullable ? "" : " not null")))],
                    m.Key,
                    IsPartitioned: false
                ))
            );

    /// <summary>The definition of a dataset's column, for a create statement.</summary>
    public static string Definition(Column column) => $"{Identifier.Quote(column.Name)} {TypeOf(column)}";

    /// <summary>Creates what is missing, in one transaction that other hosts wait for.</summary>
    /// <returns>The tables that were created, such as <c>staging.orders</c>.</returns>
    /// <exception cref="EtlException">A table differs from its description; nothing was created.</exception>
    public async Task<IReadOnlyList<string>> EnsureAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        if ((await MissingAsync(connection, cancellationToken)).Count == 0)
        {
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync("select pg_advisory_xact_lock(hashtext('etl tables'))", cancellationToken);
        var missing = await MissingAsync(connection, cancellationToken);
        await connection.ExecuteSqlAsync(
            "create schema if not exists staging; create schema if not exists analytics",
            cancellationToken
        );
        foreach (var table in All.Where(t => missing.Contains(t.FullName)))
        {
            await connection.ExecuteSqlAsync(table.CreateSql, cancellationToken);
        }

        await connection.ExecuteSqlAsync(GiveToOwner, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return missing;
    }

    /// <summary>The described tables that do not exist.</summary>
    /// <exception cref="EtlException">A table differs from its description.</exception>
    public async Task<IReadOnlyList<string>> MissingAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadRowsAsync(
            Existing,
            [],
            r => (Name: r.GetString(0), Definition: r.GetString(1)),
            cancellationToken
        );
        var found = rows.ToDictionary(r => r.Name, r => r.Definition);
        foreach (var table in All)
        {
            if (found.TryGetValue(table.FullName, out var definition) && definition != table.Definition)
            {
                throw new EtlException(
                    ErrorCode.Database,
                    $"Table {table.FullName} differs from its description. Found: {definition}. Described: {table.Definition}.",
                    "Alter the table, or rename it and run `etl migrate`; etl changes no table that exists."
                );
            }
        }

        return [.. All.Select(t => t.FullName).Where(n => !found.ContainsKey(n))];
    }

    private static string TypeOf(Column column) => column.Type.SqlType + (column.Nullable ? "" : " not null");

    private sealed record Table(
        string Schema,
        string Name,
        IReadOnlyList<(string Name, string Type)> Columns,
        IReadOnlyList<string> Key,
        bool IsPartitioned
    )
    {
        public string FullName => $"{Schema}.{Name}";

        public string CreateSql
        {
            get
            {
                var parts = Columns.Select(c => $"{Identifier.Quote(c.Name)} {c.Type}").ToList();
                if (Key.Count > 0)
                {
                    parts.Add($"primary key ({string.Join(", ", Key.Select(Identifier.Quote))})");
                }

                return $"create table {Identifier.Quote(Schema, Name)} ({string.Join(", ", parts)})"
                    + (IsPartitioned ? " partition by list (run_id)" : "");
            }
        }

        /// <summary>As <see cref="Existing"/> writes it.</summary>
        public string Definition =>
            string.Join(", ", Columns.Select(c => $"{c.Name} {c.Type.Replace(", ", ",", StringComparison.Ordinal)}"))
            + (Key.Count > 0 ? $", primary key ({string.Join(", ", Key)})" : "")
            + (IsPartitioned ? ", LIST (run_id)" : "");
    }
}
