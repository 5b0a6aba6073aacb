namespace Etl.Domain.Analytics;

/// <summary>A table of schema <c>analytics</c>: computed in the run's own schema, published, exported.</summary>
/// <param name="Name">The table's name, and that of its transform and of its export.</param>
/// <param name="Key">The primary key's columns; exports are in this order.</param>
/// <param name="Grain">Whether the table keeps a row a day, or the latest snapshot's figures.</param>
public sealed record Mart(string Name, IReadOnlyList<string> Key, Grain Grain);

/// <summary>The analytics tables of a run. A host registers one instance.</summary>
public sealed class MartCatalog(params IEnumerable<Mart> marts)
{
    private static readonly string[] PerDay = ["ingestion_date"];

    /// <summary>The tables that the program is delivered with.</summary>
    public static MartCatalog BuiltIn { get; } =
        new([
        new("agg_public_holiday", PerDay, Grain.IngestionDate),
        new("agg_shipments", PerDay, Grain.IngestionDate),
        new("best_performing_product", PerDay, Grain.IngestionDate),
        new("product_performance", ["product_id"], Grain.Snapshot),
        new("daily_orders", ["order_date"], Grain.Snapshot),
        new("shipment_status", ["status", "age"], Grain.Snapshot),
    ]);

    /// <summary>All tables, in the order in which they are computed, published and exported.</summary>
    public IReadOnlyList<Mart> All { get; } = [.. marts];
}

/// <summary>What a publish replaces in a table.</summary>
public enum Grain
{
    /// <summary>The row of the run's business date; other days stay.</summary>
    IngestionDate,

    /// <summary>All rows.</summary>
    Snapshot,
}
