using System.Security.Cryptography;
using System.Text;
using Etl.Application.Errors;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Recreates tables, columns, constraints and indexes of the ledger that someone dropped after they were migrated: the
/// difference between the model and the database.
/// </summary>
internal sealed class LedgerRepair(NpgsqlDataSource database)
{
    /// <summary>SHA-256 of the names of a complete ledger. If it is equal, EF Core is not loaded.</summary>
    public const string Complete = "8142C315C6E1BF34F65BF10D6C1C591EB74E78C17FCA12F1C876B8E56BA362FB";

    /// <summary>Tables, columns as in <c>runs.status</c>, constraints and indexes, without those of the history.</summary>
    private const string Existing = """
        with tables as (
            select oid, relname from pg_class
            where relnamespace = to_regnamespace('etl') and relkind = 'r' and relname <> 'migrations'
        )
        select relname::text from tables
        union
        select t.relname || '.' || a.attname from tables as t join pg_attribute as a on a.attrelid = t.oid
        where a.attnum > 0 and not a.attisdropped
        union
        select c.conname::text from tables as t join pg_constraint as c on c.conrelid = t.oid
        where c.contype in ('p', 'u', 'f', 'c')
        union
        select i.relname::text from tables as t join pg_index as x on x.indrelid = t.oid
        join pg_class as i on i.oid = x.indexrelid
        """;

    /// <summary>What is missing, as in <c>etl.runs</c>, <c>etl.runs.status</c> or <c>etl.runs_pkey</c>.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await FindMissingAsync(connection, cancellationToken)).Select(m => Display(m.Name))];
    }

    /// <exception cref="EtlException">The ledger has tables and no history of migrations.</exception>
    public async Task RequireNoTablesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Another host may have migrated since the history was read, so both are read at once.
        var existing = await connection.ReadRowsAsync(
            "select relname::text from pg_class where relnamespace = to_regnamespace('etl')",
            [],
            r => r.GetString(0),
            cancellationToken
        );
        var isOwn = existing.Count == 0 || existing.Contains(LedgerContext.HistoryTable);
        if (!isOwn && LedgerParts.List(database).FirstOrDefault(p => existing.Contains(p.Name)) is { Name: var table })
        {
            throw new EtlException(
                ErrorCode.Database,
                $"Table etl.{table} is in the way: it exists, and etl.migrations, the history of etl's migrations, does not.",
                "Rename schema etl if it is not the ledger, or restore table etl.migrations from a backup; then run `etl migrate`."
            );
        }
    }

    /// <summary>Creates what is missing, in one transaction, and lists it.</summary>
    /// <exception cref="EtlException">A column that must have a value is missing in a table with rows.</exception>
    public async Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteSqlAsync("select pg_advisory_xact_lock(hashtext('etl tables'))", cancellationToken);
        var missing = await FindMissingAsync(connection, cancellationToken);
        foreach (var part in missing)
        {
            await CreateAsync(connection, part, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. missing.Select(m => Display(m.Name))];
    }

    public static string Hash(IEnumerable<string> names) =>
        Convert.ToHexString(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names.Order(StringComparer.Ordinal))))
        );

    public static async Task<IReadOnlyList<string>> NamesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => await connection.ReadRowsAsync(Existing, [], r => r.GetString(0), cancellationToken);

    private static string Display(string name) => $"{LedgerContext.Schema}.{name}";

    private static async Task CreateAsync(
        NpgsqlConnection connection,
        LedgerPart part,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await connection.ExecuteSqlAsync(part.Sql, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new EtlException(
                ErrorCode.Database,
                $"{Display(part.Name)} is missing and cannot be recreated: rows that are stored lack what it requires.",
                "Restore schema etl from a backup, or drop it to begin with an empty ledger; then run `etl migrate`.",
                cause: exception
            );
        }
    }

    private async Task<IReadOnlyList<LedgerPart>> FindMissingAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var existing = (await NamesAsync(connection, cancellationToken)).ToHashSet();
        if (Hash(existing) == Complete)
        {
            return [];
        }

        var missing = LedgerParts.List(database).Where(p => !existing.Contains(p.Name)).ToList();
        var tables = missing.Select(p => p.Name).ToHashSet();
        return [.. missing.Where(p => p.CreatedWith is not { } table || !tables.Contains(table))];
    }
}
