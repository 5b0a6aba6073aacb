using Etl.Domain.Datasets;

namespace Etl.Domain.Orders;

/// <summary>One row of the orders snapshot: one product, ordered by one customer on one day.</summary>
/// <param name="OrderId">Key within the snapshot.</param>
/// <param name="CustomerId">Who ordered.</param>
/// <param name="OrderDate">The day of the order.</param>
/// <param name="ProductId">What was ordered.</param>
/// <param name="UnitPrice">Price of one.</param>
/// <param name="Quantity">How many, above 0.</param>
/// <param name="TotalPrice">As the shop states it; see <see cref="TotalAgrees"/>.</param>
public readonly record struct Order(
    long OrderId,
    long CustomerId,
    DateOnly OrderDate,
    long ProductId,
    Money UnitPrice,
    int Quantity,
    Money TotalPrice
)
{
    /// <summary>The file, its columns and its key.</summary>
    public static Dataset Dataset { get; } =
        new(
            "orders",
            ["orders.csv"],
            [
                new Column("order_id", FieldKind.Id),
                new Column("customer_id", FieldKind.Id),
                new Column("order_date", FieldKind.Date),
                new Column("product_id", FieldKind.Id),
                new Column("unit_price", FieldKind.Money),
                new Column("quantity", FieldKind.Quantity),
                new Column("total_price", FieldKind.Money, Nullable: false, "amount"),
            ],
            Key: "order_id"
        );

    /// <summary>Real shops give discounts: a total that differs is counted and reported, never rejected.</summary>
    public bool TotalAgrees => TotalPrice.Cents == Money.Times(UnitPrice, Quantity);
}
