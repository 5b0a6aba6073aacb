using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The tables of the store and the analytics schema and the views of the staging schema, from the descriptions of datasets and
/// marts. What is missing is created, also after someone dropped it; what differs from its description is an error. Three
/// changes are made: the types of ids of a table without rows, and NULL in columns of datasets that need not be delivered,
/// as settings require; and partitioned tables of an earlier version become views. On a cluster the tables are distributed.
/// Tables without a description are ignored.
/// </summary>
internal sealed class WarehouseTables(
    DatasetCatalog datasets,
    MartCatalog marts,
    IOptions<SchemaOptions> options,
    IDistribution distribution
)
{
    private readonly SchemaOptions schemas = options.Value;

    /// <summary>
    /// Only its owner may attach a partition to a table. Where the schemas belong to roles of their own (docs/roles.sql), what
    /// is in them belongs to these roles. The parameters are schema and names of the views, and of the tables.
    /// </summary>
    private const string OwnerChanges = """
        select format('alter table %s owner to %I', c.oid::regclass, pg_get_userbyid(n.nspowner))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relowner <> n.nspowner and (
          (n.nspname = $1 and c.relname = any($2) and c.relkind = 'v')
          or (n.nspname = $3 and c.relname = any($4) and c.relkind in ('r', 'p')))
        """;

    /// <summary>
    /// The owner of the views reads the tables beneath them. It should not own them: policies of a table do not apply to its
    /// owner. The parameters are the schemas of views and tables, and the names of the tables.
    /// </summary>
    private const string Grants = """
        select format('grant usage on schema %I to %I', s.nspname, pg_get_userbyid(v.nspowner))
        from pg_namespace v, pg_namespace s where v.nspname = $1 and s.nspname = $2 and v.nspowner <> s.nspowner
        union all
        select format('grant select on %s to %I', c.oid::regclass, pg_get_userbyid(v.nspowner))
        from pg_namespace v, pg_namespace s join pg_class c on c.relnamespace = s.oid
        where v.nspname = $1 and s.nspname = $2 and v.nspowner <> s.nspowner and c.relname = any($3) and c.relkind in ('r', 'p')
        """;

    private const string MissingSchemas = """
        select name from unnest($1) as name where not exists (select from pg_namespace where nspname = name)
        """;

    private IReadOnlyList<DescribedTable> Tables { get; } = [.. DescribedTable.All(datasets, marts, options.Value)];

    private IReadOnlyList<StagingView> Views { get; } =
    [.. datasets.All.Select(d => new StagingView(options.Value, d))];

    /// <summary>The definition of a dataset's column, for a create statement.</summary>
    public static string Definition(Column column) =>
        $"{Identifier.Quote(column.Name)} {DescribedTable.TypeOf(column)}";

    /// <summary>Creates what is missing, in one transaction that other hosts wait for.</summary>
    /// <returns>What was created, such as <c>staging.orders</c>.</returns>
    /// <exception cref="EtlException">A table differs from its description; nothing was created.</exception>
    public async Task<IReadOnlyList<string>> EnsureAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await distribution.RequireAsync(connection, cancellationToken);
        if ((await PlanAsync(connection, cancellationToken)).Names.Count == 0)
        {
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, distribution.BeginMigration, cancellationToken);
        await connection.ExecuteSqlAsync("select pg_advisory_xact_lock(hashtext('etl tables'))", cancellationToken);
        var plan = await PlanAsync(connection, cancellationToken);
        await CreateSchemasAsync(connection, cancellationToken);
        await ExecuteAsync(connection, plan.Tables.Select(t => t.Sql), cancellationToken);
        // Read again: tables whose types were changed are not distributed any more.
        var undistributed = await distribution.MissingAsync(connection, Tables, cancellationToken);
        await ExecuteAsync(connection, undistributed.Select(d => d.Sql), cancellationToken);
        await plan.Earlier.MigrateAsync(connection, cancellationToken);
        await ExecuteAsync(connection, plan.Views.Select(v => v.CreateSql), cancellationToken);
        await AssignAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return plan.Names;
    }

    /// <summary>What does not exist or is altered: tables, primary keys of tables, and columns by settings.</summary>
    /// <exception cref="EtlException">A table differs from its description, or something else has its name.</exception>
    public async Task<IReadOnlyList<string>> MissingAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => (await PlanAsync(connection, cancellationToken)).Names;

    private async Task<Plan> PlanAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await PlanTablesAsync(connection, cancellationToken) with
        {
            Distribution = await distribution.MissingAsync(connection, Tables, cancellationToken),
        };

    private async Task<Plan> PlanTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = (await FoundTable.ReadAsync(connection, schemas, cancellationToken)).ToLookup(f =>
            (f.Schema, f.Name)
        );
        var errors = new List<EtlError>();
        var inUse = new List<ChangedIds>();
        var missing = new List<(string Name, string Sql)>();
        var changed = new HashSet<string>();
        foreach (var table in Tables)
        {
            if (found[(table.Schema, table.Name)].FirstOrDefault() is not { } existing)
            {
                missing.Add((table.FullName, table.CreateSql));
                continue;
            }

            var ids = ChangedIds.Of(table, existing);
            if (ids.Columns.Count > 0)
            {
                changed.Add(table.IsPartitioned ? table.Name : "");
                if (await connection.ReadValueAsync<bool>(ids.IsEmptySql, [], cancellationToken))
                {
                    missing.Add((ids.Name, await AlterAsync(connection, ids, cancellationToken)));
                }
                else
                {
                    inUse.Add(ids);
                }
            }

            var optional = OptionalColumns.Of(table, existing);
            if (optional.Required.Count > 0)
            {
                missing.Add((optional.Name, optional.AlterSql));
            }

            string[] settled = [.. ids.Columns.Select(c => c.Name), .. optional.Columns];
            errors.AddRange(Differences(table, existing, settled, found, changed));
            if (existing.Key.Count == 0 && table.Key.Count > 0)
            {
                missing.Add(($"primary key of {table.FullName}", table.CreateKeySql));
            }
        }

        var earlier = new EarlierTables(schemas, Views.Where(v => found[(v.Schema, v.Name)].Any(EarlierTables.IsOne)));
        errors.AddRange(earlier.Differences(Tables, name => found[(schemas.Staging, name)].First()));
        errors.AddRange(await earlier.ObstaclesAsync(connection, cancellationToken));
        var views = Views.Where(v => !earlier.Has(v.Name) && !changed.Contains(v.Name)).ToList();
        errors.AddRange(
            views
                .SelectMany(v => found[(v.Schema, v.Name)].Select(f => TableComparison.Difference(v, f)))
                .OfType<EtlError>()
        );
        errors.AddRange(inUse.Count > 0 ? [ChangedIds.ErrorOf(inUse)] : []);
        return EtlError.Combine(errors) is { } error
            ? throw new EtlException(error)
            : new Plan(missing, earlier, [.. views.Where(v => !found.Contains((v.Schema, v.Name)))]);
    }

    /// <summary>The differences of a table; if there are any, its view, which has its columns, counts as changed.</summary>
    private List<EtlError> Differences(
        DescribedTable table,
        FoundTable existing,
        IReadOnlyList<string> settled,
        ILookup<(string, string), FoundTable> found,
        HashSet<string> changed
    )
    {
        var view = Views.FirstOrDefault(v =>
            table.IsPartitioned && v.Name == table.Name && found[(v.Schema, v.Name)].Any(f => f.Kind == "view")
        );
        var differences = TableComparison.Differences(table, existing, settled, view).ToList();
        if (view is not null && differences.Count > 0)
        {
            changed.Add(view.Name);
        }

        return differences;
    }

    /// <summary>A view's columns cannot be altered with those of its table, so that it is dropped and created again.</summary>
    private async Task<string> AlterAsync(
        NpgsqlConnection connection,
        ChangedIds ids,
        CancellationToken cancellationToken
    )
    {
        IEnumerable<string> alter =
        [
            .. distribution.ReleaseColumns(ids.Table, ids.Columns.Select(c => c.Name)),
            ids.AlterSql,
        ];
        if (Views.FirstOrDefault(v => ids.Table.IsPartitioned && v.Name == ids.Table.Name) is { } view)
        {
            var grants = await ViewGrants.CopyAsync(connection, view.Quoted, view.Quoted, cancellationToken);
            alter = [$"drop view if exists {view.Quoted}", .. alter, view.CreateSql, .. grants];
        }

        return string.Join(";\n", alter);
    }

    /// <summary>Owners and grants, where the schemas belong to roles of their own.</summary>
    private async Task AssignAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string[] names = [.. Tables.Where(t => t.Schema == schemas.Store).Select(t => t.Name)];
        string[] views = [.. Views.Select(v => v.Name)];
        object[] parameters = [schemas.Staging, views, schemas.Store, names];
        var changes = await TextsAsync(connection, OwnerChanges, parameters, cancellationToken);
        await ExecuteAsync(connection, changes, cancellationToken);
        var grants = await TextsAsync(connection, Grants, [schemas.Staging, schemas.Store, names], cancellationToken);
        await ExecuteAsync(connection, grants, cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IEnumerable<string> statements,
        CancellationToken cancellationToken
    )
    {
        foreach (var sql in statements)
        {
            await connection.ExecuteSqlAsync(sql, cancellationToken);
        }
    }

    /// <summary>Only those that are missing: the statement needs a privilege on the database.</summary>
    private async Task CreateSchemasAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string[] names = [schemas.Store, schemas.Staging, schemas.Analytics];
        foreach (var missing in await TextsAsync(connection, MissingSchemas, [names], cancellationToken))
        {
            await connection.ExecuteSqlAsync($"create schema {Identifier.Quote(missing)}", cancellationToken);
        }
    }

    private static Task<List<string>> TextsAsync(
        NpgsqlConnection connection,
        string sql,
        object[] parameters,
        CancellationToken cancellationToken
    ) => connection.ReadRowsAsync(sql, parameters, r => r.GetString(0), cancellationToken);

    /// <summary>What a migration does, in this order.</summary>
    private sealed record Plan(
        IReadOnlyList<(string Name, string Sql)> Tables,
        EarlierTables Earlier,
        IReadOnlyList<StagingView> Views
    )
    {
        public IReadOnlyList<(string Name, string Sql)> Distribution { get; init; } = [];

        public IReadOnlyList<string> Names =>
            [.. Tables.Concat(Distribution).Select(t => t.Name), .. Earlier.Names, .. Views.Select(v => v.FullName)];
    }
}
