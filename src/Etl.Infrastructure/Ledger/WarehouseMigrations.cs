using Etl.Application.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>The migrations of the ledger, then the tables of staging and analytics that the catalogs describe.</summary>
internal sealed class WarehouseMigrations(ILedgerMigrations ledger, NpgsqlDataSource database, WarehouseTables tables)
    : ILedgerMigrations
{
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        [
            .. await ledger.MigrateAsync(cancellationToken),
            .. await OnTablesAsync(
                "create the tables of the staging and analytics schemas",
                tables.EnsureAsync,
                cancellationToken
            ),
        ];

    public async Task<IReadOnlyList<string>> ListPendingAsync(CancellationToken cancellationToken) =>
        [
            .. await ledger.ListPendingAsync(cancellationToken),
            .. await OnTablesAsync(
                "read the tables of the staging and analytics schemas",
                tables.MissingAsync,
                cancellationToken
            ),
        ];

    private Task<IReadOnlyList<string>> OnTablesAsync(
        string operation,
        Func<NpgsqlConnection, CancellationToken, Task<IReadOnlyList<string>>> work,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            operation,
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await work(connection, cancellationToken);
            }
        );
}
