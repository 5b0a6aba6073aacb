using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The view of a dataset: the rows of the load that the pointer names. The pointer is followed in scalar subqueries, which are
/// evaluated once per statement. A transaction follows only rows of the pointer that are older than itself: it was planned
/// with the partitions of their loads, and those of a later load could be missing from its plans.
/// </summary>
internal sealed class StagingView(SchemaOptions schemas, Dataset dataset)
{
    public string Schema => schemas.Staging;

    public string Name => dataset.Name;

    public string FullName => Identifier.Display(Schema, Name);

    public string Quoted => Identifier.Quote(Schema, Name);

    /// <summary>Names and types, as PostgreSQL writes them.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns { get; } =
    [
        .. dataset.Columns.Select(c => (c.Name, c.Type.SqlType.Replace(", ", ",", StringComparison.Ordinal))),
        ("run_id", "text"),
    ];

    public string CreateSql
    {
        get
        {
            var columns = string.Join(", ", dataset.Columns.Select(c => $"t.{Identifier.Quote(c.Name)}"));
            return $"""
                create view {Quoted} as
                select {columns}, ({Pointer("run_id")}) as run_id
                from {Identifier.Quote(schemas.Store, Name)} as t
                where t.{StoreTables.LoadId} = ({Pointer(StoreTables.LoadId)})
                """;
        }
    }

    private string Pointer(string column) =>
        $"select p.{column} from {new StoreTables(schemas).Published} as p "
        + "where p.attached_at < transaction_timestamp() order by p.seq desc limit 1";
}
