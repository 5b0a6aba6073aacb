using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Counts and adds up the values below 0 of the columns that may have them.</summary>
internal sealed class NegativeTally(Dataset dataset)
{
    private readonly int[] places =
    [
        .. Enumerable.Range(0, dataset.Columns.Count).Where(i => dataset.Columns[i].Type.IsSigned),
    ];

    private readonly long[] counts = new long[dataset.Columns.Count];
    private readonly Int128[] sums = new Int128[dataset.Columns.Count];

    /// <summary>The columns with such values; fewer than none where values of another tally are taken back.</summary>
    public IReadOnlyList<NegativeValues> All =>
        [
            .. places
                .Where(i => counts[i] != 0)
                .Select(i => new NegativeValues(counts[i], new ColumnSum(dataset.Name, dataset.Columns[i], sums[i]))),
        ];

    /// <param name="row">The row; see <see cref="Row"/>.</param>
    /// <param name="times">-1 for a row that was counted and is rejected after all.</param>
    public void Count(ReadOnlySpan<long> row, int times = 1)
    {
        foreach (var i in places)
        {
            if (row[i] < 0 && row[i] != Row.Null)
            {
                counts[i] += times;
                sums[i] += row[i] * times;
            }
        }
    }
}
