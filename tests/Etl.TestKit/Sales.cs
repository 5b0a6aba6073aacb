using Etl.Domain.Datasets;

namespace Etl.TestKit;

/// <summary>
/// A dataset that the program is not delivered with: every kind of column that the built-in ones lack, a key of two columns,
/// one of which is text and one of which may be NULL.
/// </summary>
public static class Sales
{
    public static Dataset Dataset { get; } =
        new(
            "sales",
            ["sales.csv"],
            [
                new Column("sale_ref", FieldType.Text),
                new Column("sold_on", FieldType.Date, Nullable: true),
                new Column("price", FieldType.Money),
                new Column("pieces", FieldType.Quantity, Nullable: true),
                new Column("note", FieldType.Text, Nullable: true, "remark"),
            ],
            ["sale_ref", "sold_on"]
        );
}
