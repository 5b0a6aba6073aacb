using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Rows of a dataset that the invented shop does not have: valid values by the type and the bounds of each column; ids of the
/// shop are those of its first orders, products, customers and shipments. The columns of the key count up, except dates, stars
/// and ids of the shop beside others.
/// </summary>
internal sealed class TypedRows(Dataset dataset, SampleOptions options, ShopIds ids, int stream) : IRowSource
{
    private const int MaxStars = 5;
    private const int Days = 365;
    private const int Values = 1000;

    private readonly Xoshiro random = new(options.Seed, stream);
    private long number;

    public Dataset Dataset => dataset;

    public long Rows => options.Reviews;

    public void Next(RowBuffer row)
    {
        number++;
        for (var i = 0; i < dataset.Columns.Count; i++)
        {
            var (column, value) = (dataset.Columns[i], ValueOf(i));
            var text =
                column.Id is { } id ? ids.TextOf(id, value)
                : column.Type.IsText ? string.Create(CultureInfo.InvariantCulture, $"text {value}")
                : column.Type.Format(value);
            row.Put(Encoding.UTF8.GetBytes(text));
        }
    }

    private long ValueOf(int index)
    {
        var column = dataset.Columns[index];
        var (first, last) = RangeOf(column);
        var counts =
            dataset.KeyIndexes.Contains(index)
            && CanCount(column)
            && (column.Id is null || !dataset.KeyColumns.Any(c => c.Id is null && CanCount(c)));
        return counts ? first + number - 1 : first + random.Below((int)Math.Min(last - first + 1, int.MaxValue));
    }

    private static bool CanCount(Column column) => column.Type != FieldType.Date && column.Type != FieldType.Stars;

    private (long First, long Last) RangeOf(Column column)
    {
        var (first, last) =
            column.Type == FieldType.Date ? (options.Day.DayNumber - Days + 1L, (long)options.Day.DayNumber)
            : column.Type == FieldType.Stars ? (1, MaxStars)
            : column.Id == IdOf.Product ? (1, Shop.Products.Count)
            : column.Id is not null ? (1, Math.Min(Values, options.Orders))
            : (1, Values);
        first = column.Min ?? Math.Min(first, column.Max ?? first);
        last = column.Max ?? Math.Max(last, first);
        return (first, last);
    }
}
