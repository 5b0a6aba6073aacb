using Etl.Domain.Datasets;
using Etl.Domain.Orders;
using Etl.Domain.Reviews;
using Etl.Domain.Shipments;

namespace Etl.Domain;

/// <summary>
/// The datasets of a run. A host registers one instance; staging tables, checks, reports and lineage derive from it. A
/// host with datasets of its own registers another instance.
/// </summary>
public sealed class DatasetCatalog
{
    /// <exception cref="ArgumentException">Two datasets have the same name.</exception>
    public DatasetCatalog(params IEnumerable<Dataset> datasets)
    {
        All = [.. datasets];
        if (All.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two datasets are named '{twice.Key}'.", nameof(datasets));
        }
    }

    /// <summary>The datasets that the program is delivered with.</summary>
    public static DatasetCatalog BuiltIn { get; } = new([Order.Dataset, Review.Dataset, Shipment.Dataset]);

    /// <summary>All datasets, in the order in which they are listed.</summary>
    public IReadOnlyList<Dataset> All { get; }

    /// <summary>The datasets that files deliver.</summary>
    public IEnumerable<Dataset> Delivered => All.Where(d => d.Model is null);

    /// <summary>The datasets that models compute from delivered ones.</summary>
    public IEnumerable<Dataset> Modeled => All.Where(d => d.Model is not null);

    /// <summary>The dataset of that name.</summary>
    /// <exception cref="ArgumentException">No dataset has the name.</exception>
    public Dataset Named(string name) =>
        Find(name) ?? throw new ArgumentException($"No dataset is named '{name}'.", nameof(name));

    /// <summary>The type of the ids of a kind: that of the first column with such ids.</summary>
    public FieldType TypeOf(IdOf id) =>
        All.SelectMany(d => d.Columns).FirstOrDefault(c => c.Id == id)?.Type ?? FieldType.Id;

    /// <summary>The column of a name such as <c>orders.quantity</c>, or null.</summary>
    public Column? FindColumn(string name) =>
        All.SelectMany(d => d.Columns.Where(c => $"{d.Name}.{c.Name}" == name)).FirstOrDefault();

    /// <summary>The dataset of that name, or null.</summary>
    public Dataset? Find(string name) => All.FirstOrDefault(d => d.Name == name);
}
