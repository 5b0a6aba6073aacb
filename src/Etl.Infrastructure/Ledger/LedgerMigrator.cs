using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Brings the schemas up to date. On a database that is, it costs one small query and loads nothing of EF.</summary>
internal sealed class LedgerMigrator(NpgsqlDataSource database)
{
    /// <summary>Every migration, in order.</summary>
    public static IReadOnlyList<string> All { get; } = ["20261126104204_Ledger"];

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) =>
        database.GuardAsync(
            "bring the ledger up to date",
            async () =>
            {
                var pending = await PendingAsync(cancellationToken);
                for (var left = pending; left.Count > 0; left = await ApplyAsync(left, cancellationToken)) { }

                return pending;
            }
        );

    /// <summary>
    /// EF holds a lock on its own record during a migration, and lets it go between two: so of several hosts one may find
    /// that another was faster, and then has the less to do.
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
