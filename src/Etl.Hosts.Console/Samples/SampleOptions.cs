namespace Etl.Hosts.Console.Samples;

/// <summary>What to generate. The same options give the same bytes, on any machine at any time.</summary>
/// <param name="Folder">The folder of the files. It is created if it does not exist.</param>
/// <param name="Orders">Orders and shipments, 1 to 100,000,000; there are half as many reviews.</param>
/// <param name="Seed">Another seed gives other rows.</param>
/// <param name="DirtyPercent">Percentage of rows that a load must reject, 0 to 100, in steps of 0.0001.</param>
/// <param name="LastDay">The day of the snapshot. Orders are in the four years before it.</param>
public sealed record SampleOptions(
    string Folder,
    long Orders = SampleOptions.Small,
    long Seed = 1,
    decimal DirtyPercent = 0,
    DateOnly? LastDay = null
)
{
    /// <summary>The form in which the files are written; null for the standard format.</summary>
    public SampleDialect? Dialect { get; init; }

    /// <summary>Orders at scale S.</summary>
    public const long Small = 10_000;

    /// <summary>Orders at scale M.</summary>
    public const long Medium = 1_000_000;

    /// <summary>Orders at scale L.</summary>
    public const long Large = 5_000_000;

    /// <summary>The maximum number of orders.</summary>
    public const long MaxOrders = 100_000_000;

    /// <summary>The default day of the snapshot. It is fixed, so that the bytes do not depend on the clock.</summary>
    public static readonly DateOnly DefaultLastDay = new(2025, 6, 30);

    /// <summary>The day of the snapshot.</summary>
    public DateOnly Day => LastDay ?? DefaultLastDay;

    /// <summary>Rows of the reviews file.</summary>
    public long Reviews => (Orders + 1) / 2;
}
