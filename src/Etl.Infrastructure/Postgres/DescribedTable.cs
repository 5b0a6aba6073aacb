using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Postgres;

/// <summary>A table of the store or the analytics schema, as the catalogs describe it.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Name">The table.</param>
/// <param name="Columns">Names and types with their constraints, as in <c>text not null</c>.</param>
/// <param name="Key">The columns of the primary key; none for a table of a dataset.</param>
/// <param name="IsPartitioned">Whether it is the table of a dataset, which runs attach their tables to.</param>
internal sealed record DescribedTable(
    string Schema,
    string Name,
    IReadOnlyList<(string Name, string Type)> Columns,
    IReadOnlyList<string> Key,
    bool IsPartitioned
)
{
    /// <summary>The columns whose types settings decide on, and what they identify.</summary>
    public IReadOnlyDictionary<string, IdOf> Ids { get; private init; } = new Dictionary<string, IdOf>();

    /// <summary>The columns that settings allow to be NULL.</summary>
    public IReadOnlySet<string> Optional { get; private init; } = new HashSet<string>();

    /// <summary>Whether readers read it, by itself or through a view.</summary>
    public bool IsRead { get; init; } = true;

    /// <summary>The column that a partitioned table is partitioned by.</summary>
    public string PartitionColumn => Columns[^1].Name;

    public string FullName => Identifier.Display(Schema, Name);

    public string CreateSql
    {
        get
        {
            var parts = Columns.Select(c => $"{Identifier.Quote(c.Name)} {c.Type}").ToList();
            if (Key.Count > 0)
            {
                parts.Add($"primary key ({string.Join(", ", Key.Select(Identifier.Quote))})");
            }

            return $"create table {Identifier.Quote(Schema, Name)} ({string.Join(", ", parts)})"
                + (IsPartitioned ? $" partition by list ({PartitionColumn})" : "");
        }
    }

    public string CreateKeySql =>
        $"alter table {Identifier.Quote(Schema, Name)} "
        + $"add primary key ({string.Join(", ", Key.Select(Identifier.Quote))})";

    public static IEnumerable<DescribedTable> All(DatasetCatalog datasets, MartCatalog marts, SchemaOptions schemas) =>
        Of(datasets, schemas).Concat(StoreTables.Described(schemas)).Concat(Of(marts, schemas));

    public static IEnumerable<DescribedTable> Of(DatasetCatalog datasets, SchemaOptions schemas) =>
        datasets.All.Select(d => new DescribedTable(
            schemas.Store,
            d.Name,
            [.. d.Columns.Select(c => (c.Name, TypeOf(c))), (StoreTables.LoadId, "integer not null")],
            Key: [],
            IsPartitioned: true
        )
        {
            Ids = d.Columns.Where(c => c.Id is not null).ToDictionary(c => c.Name, c => c.Id!.Value),
        });

    public static IEnumerable<DescribedTable> Of(MartCatalog marts, SchemaOptions schemas) =>
        marts.All.Select(m => new DescribedTable(
            schemas.Analytics,
            m.Name,
            [.. m.Columns.Select(c => (c.Name, c.SqlType + (c.Nullable ? "" : " not null")))],
            m.Key,
            IsPartitioned: false
        )
        {
            Ids = m.Columns.Where(c => c.Id is not null).ToDictionary(c => c.Name, c => c.Id!.Value),
            Optional = m.Columns.Where(c => c.NullWithout is not null).Select(c => c.Name).ToHashSet(),
        });

    public static string TypeOf(Column column) => column.Type.SqlType + (column.Nullable ? "" : " not null");
}
