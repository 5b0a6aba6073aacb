using Etl.Domain.Datasets;

namespace Etl.Domain.Shipments;

/// <summary>One row of the shipments snapshot: what became of an order.</summary>
/// <param name="ShipmentId">Key within the snapshot.</param>
/// <param name="OrderId">The order; one that is not in the snapshot is counted and reported.</param>
/// <param name="ShipmentDate">The day it left, or null.</param>
/// <param name="DeliveryDate">The day it arrived, or null.</param>
public readonly record struct Shipment(long ShipmentId, long OrderId, DateOnly? ShipmentDate, DateOnly? DeliveryDate)
{
    /// <summary>The file, its columns and its key.</summary>
    public static Dataset Dataset { get; } =
        new(
            "shipments",
            ["shipment_deliveries.csv", "shipments_deliveries.csv", "shipments.csv"],
            [
                new Column("shipment_id", FieldKind.Id),
                new Column("order_id", FieldKind.Id),
                new Column("shipment_date", FieldKind.Date, Nullable: true),
                new Column("delivery_date", FieldKind.Date, Nullable: true),
            ],
            Key: "shipment_id"
        );

    /// <summary>Left <paramref name="afterDays"/> days or more after the order, and has not arrived.</summary>
    public bool IsLate(DateOnly orderDate, int afterDays) =>
        ShipmentDate is { } shipped && DeliveryDate is null && shipped.DayNumber - orderDate.DayNumber >= afterDays;

    /// <summary>Neither left nor arrived, <paramref name="afterDays"/> days or more after the order.</summary>
    public bool IsUndelivered(DateOnly orderDate, DateOnly asOf, int afterDays) =>
        ShipmentDate is null && DeliveryDate is null && asOf.DayNumber - orderDate.DayNumber >= afterDays;
}
