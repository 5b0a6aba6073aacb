using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The grants to read a table or a view, of all columns or of some, as statements for a view of the same columns.</summary>
internal static class ViewGrants
{
    private const string Sql = """
        with grants as (
          select c.relowner, a.grantee, a.is_grantable, null::text as columns
          from pg_class as c cross join aclexplode(c.relacl) as a
          where c.oid = to_regclass($1) and a.privilege_type = 'SELECT'
          union all
          select c.relowner, a.grantee, a.is_grantable, string_agg(quote_ident(k.attname), ', ')
          from pg_class as c join pg_attribute as k on k.attrelid = c.oid cross join aclexplode(k.attacl) as a
          where c.oid = to_regclass($1) and a.privilege_type = 'SELECT'
          group by 1, 2, 3
        )
        select 'grant select' || coalesce(' (' || columns || ')', '') || ' on ' || $2 || ' to '
          || case grantee when 0 then 'public' else grantee::regrole::text end
          || case when is_grantable then ' with grant option' else '' end
        from grants where grantee <> relowner
        """;

    /// <param name="connection">The database.</param>
    /// <param name="from">The quoted name of what has the grants.</param>
    /// <param name="to">The quoted name of the view.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public static Task<List<string>> CopyAsync(
        NpgsqlConnection connection,
        string from,
        string to,
        CancellationToken cancellationToken
    ) => connection.ReadRowsAsync(Sql, [from, to], row => row.GetString(0), cancellationToken);
}
