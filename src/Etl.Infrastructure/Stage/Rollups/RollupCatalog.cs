namespace Etl.Infrastructure.Stage.Rollups;

/// <summary>The rollups that the tables of a run need.</summary>
internal sealed class RollupCatalog(params IEnumerable<Rollup> rollups)
{
    public IReadOnlyList<Rollup> All { get; } = [.. rollups];

    /// <summary>The rollups that the loader of a dataset computes.</summary>
    public IReadOnlyList<Rollup> Of(string dataset) => [.. All.Where(r => r.Dataset == dataset)];
}
