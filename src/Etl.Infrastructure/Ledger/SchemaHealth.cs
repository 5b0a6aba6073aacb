using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Checks that the schemas are up to date, and that the user has the privileges that a run needs.</summary>
internal sealed class SchemaHealth(
    Func<NpgsqlDataSource> open,
    Func<ILedgerMigrations> migrations,
    IOptions<RunOptions> options,
    IOptions<SchemaOptions> schemas
) : IHealthCheck
{
    private const string MissingOnDatabase = """
        select 'create on database ' || quote_ident(current_database())
        where not has_database_privilege(current_database(), 'create')
        """;

    /// <summary>For what a migration creates.</summary>
    private const string MissingOnSchemas = """
        select 'create on schema ' || quote_ident(nspname) from pg_namespace
        where nspname in ('etl', $1, $2, $3) and not has_schema_privilege(oid, 'create')
        """;

    private const string Triggers = """
        select 'trigger ' || quote_ident(t.tgname) || ' on table ' || t.tgrelid::regclass::text
        from pg_trigger as t join pg_class as c on c.oid = t.tgrelid join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('etl', $1, $2, $3) and not t.tgisinternal and t.tgenabled <> 'D'
        order by 1
        """;

    /// <summary>Attaching a partition requires ownership of the table.</summary>
    private const string MissingOnTables = """
        select r.name || ' on ' || c.oid::regclass::text
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        cross join (values ('select'), ('insert'), ('update'), ('delete')) as r (name)
        where n.nspname in ('etl', $2, $3) and c.relkind = 'r'
          and (c.relname <> 'migrations' or r.name = 'select')
          and not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, r.name))
        union all
        select 'ownership of ' || c.oid::regclass::text
        from pg_class as c
        where c.relnamespace = (select oid from pg_namespace where nspname = $3) and c.relkind = 'p'
          and not pg_has_role(c.relowner, 'usage')
        order by 1
        """;

    public string Name => "schema";

    public string Needs => "database";

    public ErrorCode Cause => ErrorCode.Database;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync("check the schemas", () => CheckAsync(database, cancellationToken));
    }

    private async Task<HealthCheckResult> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var pending = await migrations().ListPendingAsync(cancellationToken);
        if (pending.Count > 0 && !options.Value.Migrate)
        {
            throw new EtlException(
                ErrorCode.Database,
                $"Migrations are pending, and Etl:Run:Migrate is false: {string.Join(", ", pending)}.",
                "Run `etl migrate` as a user that may create tables, or set Etl:Run:Migrate to true."
            );
        }

        string[] parts =
            pending.Count > 0
                ? [MissingOnDatabase, MissingOnSchemas, MissingOnTables]
                : [MissingOnDatabase, MissingOnTables];
        var missing = await ReadAsync(database, string.Join(" union all ", parts), cancellationToken);
        if (missing.Count > 0)
        {
            var more = missing.Count > 3 ? $" and {missing.Count - 3} more" : "";
            throw new EtlException(
                ErrorCode.Database,
                $"The user lacks {string.Join(", ", missing.Take(3))}{more}.",
                "Grant the privileges of the role etl_loader in docs/roles.sql, or use that role."
            );
        }

        var triggers = await ReadAsync(database, Triggers, cancellationToken);
        if (triggers.Count > 0)
        {
            return HealthCheckResult.Warning(
                $"Each run fires {string.Join(", ", triggers.Take(3))}, which etl did not create.",
                "Check that it accepts the rows of a run, or drop it."
            );
        }

        return HealthCheckResult.Ok(
            pending.Count > 0
                ? $"a run applies {string.Join(", ", pending)}; the user may create schemas"
                : "up to date; the user has all privileges that a run needs"
        );
    }

    private async Task<List<string>> ReadAsync(NpgsqlDataSource database, string sql, CancellationToken token)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schemas.Value.Staging });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schemas.Value.Analytics });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schemas.Value.Store });
        await using var row = await command.ExecuteReaderAsync(token);
        var texts = new List<string>();
        while (await row.ReadAsync(token))
        {
            texts.Add(row.GetString(0));
        }

        return texts;
    }
}
