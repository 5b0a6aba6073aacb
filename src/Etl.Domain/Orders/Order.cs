using Etl.Domain.Datasets;

namespace Etl.Domain.Orders;

/// <summary>A row of the orders snapshot: one product, ordered by one customer on one day.</summary>
public static class Order
{
    /// <summary>The file, its columns and its key.</summary>
    public static Dataset Dataset { get; } =
        new(
            "orders",
            ["orders.csv"],
            [
                new Column("order_id", FieldType.Id) { Id = IdOf.Order },
                new Column("customer_id", FieldType.Id) { Id = IdOf.Customer },
                new Column("order_date", FieldType.Date),
                new Column("product_id", FieldType.Id) { Id = IdOf.Product },
                new Column("unit_price", FieldType.Money),
                new Column("quantity", FieldType.Quantity),
                // As the shop states it: data test order_total_differs counts those that are not price times quantity.
                new Column("total_price", FieldType.Money, Nullable: false, "amount"),
            ],
            ["order_id"]
        );
}
