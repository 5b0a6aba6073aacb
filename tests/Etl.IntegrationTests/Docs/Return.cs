using Etl.Domain.Datasets;

namespace Etl.IntegrationTests.Docs;

/// <summary>A row of the returns snapshot: an order that the customer sent back.</summary>
public static class Return
{
    /// <summary>The file, its columns and its key.</summary>
    public static Dataset Dataset { get; } =
        new(
            "returns",
            ["returns.csv"],
            [
                new Column("return_id", FieldType.Id),
                new Column("order_id", FieldType.Id) { Id = IdOf.Order }, // the type that Etl:Ids:Order sets
                new Column("refund", FieldType.Money),
                new Column("return_date", FieldType.Date, Nullable: true),
            ],
            ["return_id"]
        );
}
