using Etl.Application;
using Etl.Application.Options;
using Etl.Domain;

namespace Etl.TestKit;

/// <summary>The built-in datasets under settings.</summary>
public static class Configured
{
    /// <summary>All ids are text.</summary>
    public static DatasetCatalog TextIds { get; } =
        With(
            new IdOptions
            {
                Order = IdKind.Text,
                Product = IdKind.Text,
                Customer = IdKind.Text,
                Shipment = IdKind.Text,
            }
        );

    /// <summary>Amounts and quantities may be negative; orders are order lines.</summary>
    public static DatasetCatalog Refunds { get; } =
        With(
            new IdOptions(),
            section =>
                section == "Orders"
                    ? new FileFormatOptions
                    {
                        Key = ["order_id", "product_id"],
                        AllowNegative = ["unit_price", "quantity", "total_price"],
                    }
                    : new FileFormatOptions()
        );

    /// <summary>Ids by settings.</summary>
    public static DatasetCatalog With(IdOptions ids) => With(ids, _ => new FileFormatOptions());

    /// <summary>Ids and files by settings; the name of a section gives its options.</summary>
    public static DatasetCatalog With(IdOptions ids, Func<string, FileFormatOptions> files) =>
        new ConfiguredDatasets(files, ids, FormatFallback.None).Apply(DatasetCatalog.BuiltIn);
}
