using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Rows of a dataset that the invented shop does not have: valid values by the type of each column. The columns of the key
/// count up, except dates and stars.
/// </summary>
internal sealed class TypedRows(Dataset dataset, SampleOptions options, int stream) : IRowSource
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
            var (type, value) = (dataset.Columns[i].Type, ValueOf(i));
            var text = type.IsText ? string.Create(CultureInfo.InvariantCulture, $"text {value}") : type.Format(value);
            row.Put(Encoding.UTF8.GetBytes(text));
        }
    }

    private long ValueOf(int column)
    {
        var type = dataset.Columns[column].Type;
        if (type == FieldType.Date)
        {
            return options.Day.DayNumber - random.Below(Days);
        }

        if (type == FieldType.Stars)
        {
            return 1 + random.Below(MaxStars);
        }

        return dataset.KeyIndexes.Contains(column) ? number : 1 + random.Below(Values);
    }
}
