using Etl.Application.Errors;
using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Recreates tables and indexes of the ledger that someone dropped after they were migrated.</summary>
internal sealed class LedgerRepair(NpgsqlDataSource database)
{
    /// <summary>The tables, parents first. EF Core's own list would load its assemblies at each start.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "runs",
        "messages",
        "quarantine",
        "redeliveries",
        "reject_counts",
        "run_exports",
        "run_files",
        "run_steps",
        "run_tests",
        "starts",
    ];

    /// <summary>The indexes that are no keys.</summary>
    public static IReadOnlyList<string> Indexes { get; } = ["runs_one_at_work", "runs_one_succeeded"];

    private const string Existing = "select relname::text from pg_class where relnamespace = to_regnamespace('etl')";

    /// <summary>The missing tables and indexes, as in <c>etl.runs</c>.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var missing = await NamesAsync(connection, cancellationToken);
        return [.. missing.Select(m => Identifier.Display(LedgerContext.Schema, m))];
    }

    /// <exception cref="EtlException">The ledger has tables and no history of migrations.</exception>
    public async Task RequireNoTablesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Another host may have migrated since the history was read, so both are read at once.
        var existing = await ExistingAsync(connection, cancellationToken);
        if (!existing.Contains(LedgerContext.HistoryTable) && Tables.Intersect(existing).FirstOrDefault() is { } table)
        {
            throw new EtlException(
                ErrorCode.Database,
                $"Table etl.{table} is in the way: it exists, and etl.migrations, the history of etl's migrations, does not.",
                "Rename schema etl if it is not the ledger, or restore table etl.migrations from a backup; then run `etl migrate`."
            );
        }
    }

    /// <summary>Applies the operations of the migrations that concern what is missing, in one transaction.</summary>
    public async Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync("select pg_advisory_xact_lock(hashtext('etl tables'))", cancellationToken);
        var missing = await NamesAsync(connection, cancellationToken);
        foreach (var sql in missing.Count == 0 ? [] : StatementsFor(missing))
        {
            await connection.ExecuteSqlAsync(sql, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. missing.Select(m => Identifier.Display(LedgerContext.Schema, m))];
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => [.. Tables.Concat(Indexes).Except(await ExistingAsync(connection, cancellationToken))];

    private static Task<List<string>> ExistingAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ReadRowsAsync(Existing, [], r => r.GetString(0), cancellationToken);

    private List<string> StatementsFor(IReadOnlyList<string> missing)
    {
        using var context = LedgerContext.Open(database);
        var assembly = context.GetService<IMigrationsAssembly>();
        var provider = context.Database.ProviderName!;
        var operations = assembly
            .Migrations.OrderBy(m => m.Key, StringComparer.Ordinal)
            .SelectMany(m => assembly.CreateMigration(m.Value, provider).UpOperations)
            .Where(o => Concerns(o, missing))
            .ToList();
        var model = context.GetService<IDesignTimeModel>().Model;
        return
        [
            .. context.GetService<IMigrationsSqlGenerator>().Generate(operations, model).Select(c => c.CommandText),
        ];
    }

    private static bool Concerns(MigrationOperation operation, IReadOnlyList<string> missing) =>
        operation switch
        {
            CreateIndexOperation index => missing.Contains(index.Name) || missing.Contains(index.Table),
            CreateTableOperation table => missing.Contains(table.Name),
            ITableMigrationOperation change => missing.Contains(change.Table),
            // An index that EF Core cannot describe; its table was dropped with it.
            SqlOperation sql => missing.Any(m => sql.Sql.Contains(m, StringComparison.Ordinal) && Indexes.Contains(m)),
            _ => false,
        };
}
