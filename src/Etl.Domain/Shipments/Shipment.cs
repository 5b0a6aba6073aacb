using Etl.Domain.Datasets;

namespace Etl.Domain.Shipments;

/// <summary>A row of the shipments snapshot: the delivery of an order.</summary>
public static class Shipment
{
    /// <summary>The file, its columns and its key. A date that is NULL has not happened yet.</summary>
    public static Dataset Dataset { get; } =
        new(
            "shipments",
            ["shipment_deliveries.csv", "shipments_deliveries.csv", "shipments.csv"],
            [
                new Column("shipment_id", FieldType.Id) { Id = IdOf.Shipment },
                new Column("order_id", FieldType.Id) { Id = IdOf.Order },
                new Column("shipment_date", FieldType.Date, Nullable: true),
                new Column("delivery_date", FieldType.Date, Nullable: true),
            ],
            ["shipment_id"]
        );
}
