using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage;

/// <summary>Adds up the summed columns of the rows that pass; NULL adds nothing.</summary>
internal sealed class SumTally
{
    private readonly Dataset dataset;
    private readonly int[] places;
    private readonly Int128[] sums;

    public SumTally(Dataset dataset)
    {
        this.dataset = dataset;
        places = [.. dataset.SummedColumns.Select(c => dataset.Columns.ToList().IndexOf(c))];
        sums = new Int128[places.Length];
    }

    /// <summary>The sums so far, in the columns' order.</summary>
    public IReadOnlyList<ColumnSum> Sums =>
        [.. places.Select((p, i) => new ColumnSum(dataset.Name, dataset.Columns[p], sums[i]))];

    /// <summary>The sums without those of some rows.</summary>
    public static IReadOnlyList<ColumnSum> Less(IReadOnlyList<ColumnSum> all, IReadOnlyList<ColumnSum> some) =>
        [.. all.Zip(some, (sum, less) => sum with { Total = sum.Total - less.Total })];

    public void Add(ReadOnlySpan<long> row)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var value = row[places[i]];
            sums[i] += value == Row.Null ? 0 : value;
        }
    }
}
