namespace Etl.Application.Extract;

/// <summary>The optional files beside the three snapshots.</summary>
internal static class DimensionNames
{
    public static readonly IReadOnlyList<string> Products = ["dim_products.csv"];
    public static readonly IReadOnlyList<string> Dates = ["dim_dates.csv"];
}
