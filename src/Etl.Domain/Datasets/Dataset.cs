using Etl.Domain.Orders;
using Etl.Domain.Reviews;
using Etl.Domain.Shipments;

namespace Etl.Domain.Datasets;

/// <summary>One of the three snapshots: the file that brings it, its columns, and its staging table.</summary>
/// <param name="Name">The word used everywhere: table name, log, ledger, settings.</param>
/// <param name="FileNames">Exact file names, the preferred one first.</param>
/// <param name="Columns">Columns in table order.</param>
/// <param name="Key">The column that must not repeat within a file; null where equal rows are different facts.</param>
public sealed record Dataset(
    string Name,
    IReadOnlyList<string> FileNames,
    IReadOnlyList<Column> Columns,
    string? Key = null
)
{
    /// <summary>The three datasets of a run, in the order in which people name them.</summary>
    public static IReadOnlyList<Dataset> All { get; } = [Order.Dataset, Review.Dataset, Shipment.Dataset];

    /// <summary>The dataset of that name.</summary>
    /// <exception cref="ArgumentException">No dataset has the name.</exception>
    public static Dataset Named(string name) =>
        All.FirstOrDefault(d => d.Name == name)
        ?? throw new ArgumentException($"No dataset is called '{name}'.", nameof(name));

    /// <summary>Position of the key column in <see cref="Columns"/>, or -1.</summary>
    public int KeyIndex { get; } = Key is null ? -1 : Columns.ToList().FindIndex(c => c.Name == Key);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
