using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The statistics that the plans of a transform and of readers need: those of ids, days and keys, from a small sample. As they
/// are not of every column, autovacuum still collects the full ones.
/// </summary>
internal static class Statistics
{
    /// <summary>The statistics of a table come from 3,000 of its rows, or of those of each of its parts on the nodes.</summary>
    public const string SmallSample = "default_statistics_target = 10";

    /// <summary>Collects them for the table of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="table">The quoted name of the table, after the options of the statement.</param>
    /// <param name="others">Columns beside those of the dataset.</param>
    public static string Collect(Dataset dataset, string table, params string[] others)
    {
        var analyzed = dataset.Columns.Where(c => c.Type.IsAnalyzed || dataset.Key.Contains(c.Name)).ToList();
        var names = (analyzed.Count > 0 ? analyzed : dataset.Columns).Select(c => c.Name).Concat(others);
        return $"analyze {table} ({string.Join(", ", names.Select(Identifier.Quote))})";
    }
}
