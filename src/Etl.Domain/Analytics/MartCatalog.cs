namespace Etl.Domain.Analytics;

/// <summary>
/// The analytics tables of a run. A host registers one instance; tables, transform, publish, exports, plan and lineage
/// derive from it. A host with tables of its own registers another instance.
/// </summary>
public sealed class MartCatalog
{
    /// <param name="marts">The tables, in the order in which they are listed; a table moves behind those that it reads.</param>
    /// <exception cref="ArgumentException">Two tables have the same name, or tables read each other.</exception>
    public MartCatalog(params IEnumerable<Mart> marts)
    {
        var given = marts.ToList();
        if (given.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two marts are named '{twice.Key}'.", nameof(marts));
        }

        var ordered = new List<Mart>();
        given.ForEach(m => Append(m, given, ordered, []));
        All = ordered;
    }

    /// <summary>All tables, in the order in which they are computed, published and exported.</summary>
    public IReadOnlyList<Mart> All { get; }

    /// <summary>The tables with columns as the datasets determine them.</summary>
    public MartCatalog For(DatasetCatalog datasets) => new(All.Select(m => m.For(datasets)));

    private static void Append(Mart mart, List<Mart> given, List<Mart> ordered, HashSet<string> path)
    {
        if (ordered.Contains(mart))
        {
            return;
        }

        if (!path.Add(mart.Name))
        {
            throw new ArgumentException($"The marts {string.Join(", ", path)} read each other.", nameof(mart));
        }

        foreach (var input in given.Where(m => m != mart && mart.Inputs.Contains(m.Name)))
        {
            Append(input, given, ordered, path);
        }

        path.Remove(mart.Name);
        ordered.Add(mart);
    }
}
