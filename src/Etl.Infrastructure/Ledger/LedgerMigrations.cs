using Etl.Application.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Applies the migrations, and recreates what was dropped. If there is nothing to do, EF Core is not loaded.</summary>
internal sealed class LedgerMigrations(NpgsqlDataSource database) : ILedgerMigrations
{
    private readonly LedgerRepair repair = new(database);

    /// <summary>Every migration, in order. EF Core's own list would load its assemblies at each start.</summary>
    public static IReadOnlyList<string> All { get; } = ["20261126104204_Ledger"];

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        database.GuardAsync(
            "migrate the ledger",
            async () =>
            {
                var pending = await PendingAsync(cancellationToken);
                if (pending.Count == 0)
                {
                    return await repair.RepairAsync(cancellationToken);
                }

                for (var left = pending; left.Count > 0; left = await ApplyAsync(left, cancellationToken)) { }

                return pending;
            }
        );

    public Task<IReadOnlyList<string>> ListPendingAsync(CancellationToken cancellationToken) =>
        database.GuardAsync(
            "read the ledger's migrations",
            async () =>
                await PendingAsync(cancellationToken) is { Count: > 0 } pending
                    ? pending
                    : await repair.MissingAsync(cancellationToken)
        );

    /// <summary>
    /// EF Core locks its history table during a migration and releases it between two: another host may apply some of the
    /// pending migrations first, and this one then fails and continues with the rest.
    /// </summary>
    private async Task<IReadOnlyList<string>> ApplyAsync(
        IReadOnlyList<string> pending,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var context = LedgerContext.Open(database);
            await context.Database.MigrateAsync(cancellationToken);
            return [];
        }
        catch (PostgresException)
        {
            var left = await PendingAsync(cancellationToken);
            if (left.Count == pending.Count)
            {
                throw;
            }

            return left;
        }
    }

    private async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        var history = Identifier.Quote(LedgerContext.Schema, LedgerContext.HistoryTable);
        await using var command = database.CreateCommand($"select \"MigrationId\" from {history}");
        try
        {
            var applied = new HashSet<string>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.GetString(0));
            }

            return [.. All.Where(m => !applied.Contains(m))];
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await repair.RequireNoTablesAsync(cancellationToken);
            return All;
        }
    }
}
