using Etl.Domain.Quality;
using Etl.Domain.Rows;

namespace Etl.Infrastructure.Staging;

/// <summary>Adds up the quantities and amounts of the rows that pass.</summary>
internal sealed class SumTally
{
    private readonly int[] places;
    private readonly Int128[] sums;

    public SumTally(Dataset dataset)
    {
        places = [.. Enumerable.Range(0, dataset.Columns.Count).Where(i => ColumnSum.IsKeptOf(dataset.Columns[i]))];
        sums = new Int128[places.Length];
    }

    /// <summary>The sums so far, in the columns' order; money in hundredths.</summary>
    public IReadOnlyList<Int128> Sums => sums;

    public void Add(ReadOnlySpan<long> row)
    {
        for (var i = 0; i < places.Length; i++)
        {
            sums[i] += row[places[i]];
        }
    }
}
