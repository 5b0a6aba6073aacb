using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>A table, column, constraint or index of the ledger.</summary>
/// <param name="Name">As in <c>runs</c>, <c>runs.status</c> or <c>runs_pkey</c>.</param>
/// <param name="CreatedWith">The table whose statement creates this part too; null for tables and indexes.</param>
/// <param name="Sql">The statement that creates the part alone.</param>
internal sealed record LedgerPart(string Name, string? CreatedWith, string Sql);

/// <summary>The parts of a complete ledger, from the model.</summary>
internal static class LedgerParts
{
    /// <summary>An index on an expression, which EF Core cannot describe.</summary>
    public const string OneAtWork = "runs_one_at_work";

    public const string CreateOneAtWork =
        $"create unique index {OneAtWork} on etl.runs ((true)) where lease_owner is not null;";

    /// <summary>All parts, in an order in which they can be created.</summary>
    public static IReadOnlyList<LedgerPart> List(NpgsqlDataSource database)
    {
        using var context = LedgerContext.Open(database);
        var model = context.GetService<IDesignTimeModel>().Model;
        var sql = context.GetService<IMigrationsSqlGenerator>();
        return
        [
            .. context
                .GetService<IMigrationsModelDiffer>()
                .GetDifferences(null, model.GetRelationalModel())
                .SelectMany(Split)
                .Select(part => new LedgerPart(part.Name, part.CreatedWith, Text(part.Operation))),
            new LedgerPart(OneAtWork, null, CreateOneAtWork),
        ];

        string Text(MigrationOperation operation) =>
            string.Concat(sql.Generate([operation], model).Select(c => c.CommandText));
    }

    private static IEnumerable<(string Name, string? CreatedWith, MigrationOperation Operation)> Split(
        MigrationOperation operation
    ) =>
        operation switch
        {
            CreateTableOperation table =>
            [
                (table.Name, null, table),
                .. table.Columns.Select(c => ($"{table.Name}.{c.Name}", table.Name, (MigrationOperation)c)),
                (table.PrimaryKey!.Name, table.Name, table.PrimaryKey),
                .. table.UniqueConstraints.Select(c => (c.Name, table.Name, (MigrationOperation)c)),
                .. table.CheckConstraints.Select(c => (c.Name, table.Name, (MigrationOperation)c)),
                .. table.ForeignKeys.Select(c => (c.Name, table.Name, (MigrationOperation)c)),
            ],
            CreateIndexOperation index => [(index.Name, null, index)],
            _ => [],
        };
}
