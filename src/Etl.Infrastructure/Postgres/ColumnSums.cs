using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The sums of a dataset's summed columns in SQL, side by side in their order.</summary>
internal static class ColumnSums
{
    /// <summary>The select list, for a table whose columns have the dataset's names.</summary>
    public static string Select(Dataset dataset) =>
        string.Join(", ", dataset.SummedColumns.Select(c => $"coalesce(sum({Identifier.Quote(c.Name)}), 0)::numeric"));

    public static IReadOnlyList<ColumnSum> Read(Dataset dataset, NpgsqlDataReader row, int first = 0) =>
        [.. dataset.SummedColumns.Select((c, i) => ColumnSum.Of(dataset, c, row.GetDecimal(first + i)))];
}
