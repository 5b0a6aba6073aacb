using Etl.Application.Errors;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Postgres;

/// <summary>The columns of a table whose type is not the one that <c>Etl:Ids</c> sets, but the other one.</summary>
/// <param name="Table">The table's description.</param>
/// <param name="Columns">Names, with the types that the table has and that the settings require.</param>
internal sealed record ChangedIds(
    DescribedTable Table,
    IReadOnlyList<(string Name, IdOf Id, string Found, string Needed)> Columns
)
{
    private static readonly string[] Types = [FieldType.Id.SqlType, FieldType.TextId.SqlType];

    public static ChangedIds Of(DescribedTable described, FoundTable found)
    {
        var present = found.Columns.ToDictionary(c => c.Name, c => c.Type);
        var changed =
            from column in described.Columns
            where found.IsTable && described.Ids.ContainsKey(column.Name) && present.ContainsKey(column.Name)
            let type = present[column.Name]
            where type != column.Type && Types.Any(t => type == $"{t} not null" || type == t)
            select (column.Name, described.Ids[column.Name], type, column.Type);
        return new ChangedIds(described, [.. changed]);
    }

    /// <summary>What <c>etl migrate</c> reports.</summary>
    public string Name => $"types of ids of {Table.FullName}";

    /// <summary>Whether no row has the old type.</summary>
    public string IsEmptySql => $"select not exists (select 1 from {Identifier.Quote(Table.Schema, Table.Name)})";

    /// <summary>For a table without rows. PostgreSQL refuses it if a view uses a column.</summary>
    public string AlterSql =>
        $"alter table {Identifier.Quote(Table.Schema, Table.Name)} "
        + string.Join(", ", Columns.Select(c => $"alter column {Identifier.Quote(c.Name)} type {Change(c)}"));

    /// <summary>The error for tables with rows.</summary>
    public static EtlError ErrorOf(IReadOnlyList<ChangedIds> tables)
    {
        var settings = tables.SelectMany(t => t.Columns).Select(c => c.Id).Distinct().Order();
        var columns = tables.Select(t =>
            $"{t.Table.FullName} has {string.Join(", ", t.Columns.Select(c => $"{c.Name} {Plain(c.Found)}"))}"
        );
        return new EtlError(
            ErrorCode.Database,
            $"The stored rows have other types of ids than {string.Join(", ", settings.Select(id => $"Etl:Ids:{id}"))}: "
                + $"{string.Join("; ", columns)}.",
            "Change Etl:Ids back; or keep these tables, set Etl:Postgres:Schemas:Staging, Store and Analytics to other schemas, "
                + "and run `etl migrate`."
        );
    }

    private static string Change((string Name, IdOf Id, string Found, string Needed) column)
    {
        var type = Types.First(t => column.Needed.StartsWith(t, StringComparison.Ordinal));
        return $"{type} using {Identifier.Quote(column.Name)}::{FieldType.NameOf(type)}";
    }

    private static string Plain(string type) =>
        FieldType.NameOf(type.Replace(" not null", "", StringComparison.Ordinal));
}
