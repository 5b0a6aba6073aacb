using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>What the database has under the name of a described table.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Name">The name.</param>
/// <param name="Kind">Table, partitioned table, view, index, sequence or type, as PostgreSQL calls it.</param>
/// <param name="Columns">Names and types with collation and not null.</param>
/// <param name="Key">The columns of the primary key.</param>
/// <param name="PartitionKey">As in <c>LIST (load_id)</c>; null for no partitioned table.</param>
/// <param name="Constraints">Check constraints.</param>
/// <param name="DefaultPartition">The default partition, as in <c>public.rest</c>; null for none.</param>
internal sealed record FoundTable(
    string Schema,
    string Name,
    string Kind,
    IReadOnlyList<(string Name, string Type)> Columns,
    IReadOnlyList<string> Key,
    string? PartitionKey,
    IReadOnlyList<string> Constraints,
    string? DefaultPartition
)
{
    /// <summary>Everything that has a name in one of the schemas $1; a type only if no relation has its name.</summary>
    private const string Sql = """
        select n.nspname::text, c.relname::text,
          case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
            when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence'
            when 'c' then 'type' else 'index' end,
          array(
            select a.attname::text
            from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum
          ),
          array(
            select format_type(a.atttypid, a.atttypmod)
              || case when a.attcollation <> t.typcollation then ' collate "' || l.collname || '"' else '' end
              || case when a.attnotnull then ' not null' else '' end
              || case when a.attgenerated <> '' then ' generated' else '' end
            from pg_attribute as a
            join pg_type as t on t.oid = a.atttypid
            left join pg_collation as l on l.oid = a.attcollation
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum
          ),
          array(
            select a.attname::text
            from pg_index as i
            cross join unnest(i.indkey) with ordinality as k (attnum, position)
            join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
            where i.indrelid = c.oid and i.indisprimary order by k.position
          ),
          case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
          array(select o.conname::text from pg_constraint as o where o.conrelid = c.oid and o.contype = 'c' order by 1),
          (select p.partdefid::regclass::text from pg_partitioned_table as p where p.partrelid = c.oid and p.partdefid <> 0)
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relkind <> 't'
        union all
        select n.nspname::text, t.typname::text, 'type', '{}', '{}', '{}', null, '{}', null
        from pg_type as t
        join pg_namespace as n on n.oid = t.typnamespace
        where n.nspname = any($1) and t.typrelid = 0 and t.typelem = 0
        """;

    public bool IsTable => Kind is "table" or "partitioned table";

    public static Task<List<FoundTable>> ReadAsync(
        NpgsqlConnection connection,
        SchemaOptions schemas,
        CancellationToken cancellationToken
    ) =>
        connection.ReadRowsAsync(
            Sql,
            [new[] { schemas.Staging, schemas.Store, schemas.Analytics }],
            row => new FoundTable(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                [.. row.GetFieldValue<string[]>(3).Zip(row.GetFieldValue<string[]>(4))],
                row.GetFieldValue<string[]>(5),
                row.IsDBNull(6) ? null : row.GetString(6),
                row.GetFieldValue<string[]>(7),
                row.IsDBNull(8) ? null : row.GetString(8)
            ),
            cancellationToken
        );
}
