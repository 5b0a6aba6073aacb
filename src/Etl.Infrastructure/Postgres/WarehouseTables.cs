using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The tables of the staging and the analytics schema, from the descriptions of datasets and marts. What is missing is created,
/// also after someone dropped it; a table that differs from its description is an error. Two changes that settings
/// require are made: the types of ids of a table without rows, and NULL in columns of datasets that need not be delivered. Tables without a
/// description are ignored.
/// </summary>
internal sealed class WarehouseTables(DatasetCatalog datasets, MartCatalog marts, IOptions<SchemaOptions> options)
{
    private readonly SchemaOptions schemas = options.Value;

    /// <summary>
    /// Only its owner may attach a partition to a table. Where the staging schema belongs to a role of its own (docs/roles.sql)
    /// the tables belong to that role. The parameter is the schema.
    /// </summary>
    private const string OwnerChanges = """
        select format('alter table %s owner to %I', c.oid::regclass, pg_get_userbyid(n.nspowner))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relkind = 'p' and c.relowner <> n.nspowner
        """;

    private const string MissingSchemas = """
        select name from unnest($1) as name where not exists (select from pg_namespace where nspname = name)
        """;

    private IReadOnlyList<DescribedTable> All { get; } = [.. DescribedTable.All(datasets, marts, options.Value)];

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
        if ((await PlanAsync(connection, cancellationToken)).Count == 0)
        {
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync("select pg_advisory_xact_lock(hashtext('etl tables'))", cancellationToken);
        var missing = await PlanAsync(connection, cancellationToken);
        await CreateSchemasAsync(connection, cancellationToken);
        foreach (var (_, sql) in missing)
        {
            await connection.ExecuteSqlAsync(sql, cancellationToken);
        }

        foreach (var change in await TextsAsync(connection, OwnerChanges, schemas.Staging, cancellationToken))
        {
            await connection.ExecuteSqlAsync(change, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. missing.Select(m => m.Name)];
    }

    /// <summary>What does not exist or is altered: tables, primary keys of tables, and columns by settings.</summary>
    /// <exception cref="EtlException">A table differs from its description, or something else has its name.</exception>
    public async Task<IReadOnlyList<string>> MissingAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => [.. (await PlanAsync(connection, cancellationToken)).Select(m => m.Name)];

    private async Task<List<(string Name, string Sql)>> PlanAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var found = (await FoundTable.ReadAsync(connection, schemas, cancellationToken)).ToLookup(f =>
            (f.Schema, f.Name)
        );
        var errors = new List<EtlError>();
        var inUse = new List<ChangedIds>();
        var missing = new List<(string Name, string Sql)>();
        foreach (var table in All)
        {
            if (found[(table.Schema, table.Name)].FirstOrDefault() is not { } existing)
            {
                missing.Add((table.FullName, table.CreateSql));
                continue;
            }

            var ids = ChangedIds.Of(table, existing);
            if (ids.Columns.Count > 0)
            {
                if (await connection.ReadValueAsync<bool>(ids.IsEmptySql, [], cancellationToken))
                {
                    missing.Add((ids.Name, ids.AlterSql));
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

            errors.AddRange(
                TableComparison.Differences(table, existing, [.. ids.Columns.Select(c => c.Name), .. optional.Columns])
            );
            if (existing.Key.Count == 0 && table.Key.Count > 0)
            {
                missing.Add(($"primary key of {table.FullName}", table.CreateKeySql));
            }
        }

        errors.AddRange(inUse.Count > 0 ? [ChangedIds.ErrorOf(inUse)] : []);
        return EtlError.Combine(errors) is { } error ? throw new EtlException(error) : missing;
    }

    /// <summary>Only those that are missing: the statement needs a privilege on the database.</summary>
    private async Task CreateSchemasAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string[] names = [schemas.Staging, schemas.Analytics];
        foreach (var missing in await TextsAsync(connection, MissingSchemas, names, cancellationToken))
        {
            await connection.ExecuteSqlAsync($"create schema {Identifier.Quote(missing)}", cancellationToken);
        }
    }

    private static Task<List<string>> TextsAsync(
        NpgsqlConnection connection,
        string sql,
        object parameter,
        CancellationToken cancellationToken
    ) => connection.ReadRowsAsync(sql, [parameter], r => r.GetString(0), cancellationToken);
}
