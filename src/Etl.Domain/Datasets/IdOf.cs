namespace Etl.Domain.Datasets;

/// <summary>What an id identifies. All columns with ids of one kind, of datasets and of marts, have one type.</summary>
public enum IdOf
{
    /// <summary>An order.</summary>
    Order,

    /// <summary>A product.</summary>
    Product,

    /// <summary>A customer.</summary>
    Customer,

    /// <summary>A shipment.</summary>
    Shipment,
}
