using Etl.Infrastructure.Ledger.Migrations;
using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Brings the schemas up to date. On a database that is, it costs one small query and loads nothing of EF.</summary>
internal sealed class LedgerMigrator(NpgsqlDataSource database)
{
    /// <summary>Every migration, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Foundation.Name, ReportAndUsage.Name];

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        database.GuardAsync(
            "bring the ledger up to date",
            async () =>
            {
                var pending = await PendingAsync(cancellationToken);
                if (pending.Count > 0)
                {
                    await ApplyAsync(cancellationToken);
                }

                return pending;
            }
        );

    /// <summary>EF takes a lock on its own record first: of several hosts one migrates, the others find it done.</summary>
    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = LedgerContext.Open(database);
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>What is still to be applied; changes nothing.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        var record = Identifier.Quote(LedgerContext.Schema, LedgerContext.HistoryTable);
        await using var command = database.CreateCommand($"select \"MigrationId\" from {record}");
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
        catch (PostgresException nothing)
            when (nothing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return All;
        }
    }
}
