using Etl.Domain.Datasets;

namespace Etl.Application.Options;

/// <summary>What ids are: numbers or text. They determine the SQL types of their columns. Section <c>Etl:Ids</c>.</summary>
public sealed class IdOptions
{
    /// <summary>Ids of orders. Default <see cref="IdKind.Number"/>.</summary>
    public IdKind Order { get; set; }

    /// <summary>Ids of products. Default <see cref="IdKind.Number"/>.</summary>
    public IdKind Product { get; set; }

    /// <summary>Ids of customers. Default <see cref="IdKind.Number"/>.</summary>
    public IdKind Customer { get; set; }

    /// <summary>Ids of shipments. Default <see cref="IdKind.Number"/>.</summary>
    public IdKind Shipment { get; set; }

    /// <summary>The dataset with the types that its ids have by these settings.</summary>
    internal Dataset Apply(Dataset dataset) =>
        dataset.With(
            [.. dataset.Columns.Select(c => c.Id is { } id ? c with { Type = TypeOf(id, c.Type) } : c)],
            dataset.Key
        );

    private FieldType TypeOf(IdOf id, FieldType described)
    {
        var kind = id switch
        {
            IdOf.Order => Order,
            IdOf.Product => Product,
            IdOf.Customer => Customer,
            _ => Shipment,
        };
        return kind == IdKind.Text ? FieldType.TextId : described;
    }
}

/// <summary>The values of an id.</summary>
public enum IdKind
{
    /// <summary>A whole number above 0.</summary>
    Number,

    /// <summary>Text of up to 200 bytes, compared by its bytes.</summary>
    Text,
}
