using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>The values of columns that the settings give instead of the file. The settings were checked at startup.</summary>
internal sealed class Constants
{
    private readonly long[] row;
    private readonly List<(int Place, byte[] Text)> texts = [];

    public Constants(Dataset dataset)
    {
        row = new long[dataset.Columns.Count];
        var nulls = new NullTokens(dataset.Format.NullTokens);
        foreach (var (place, column) in dataset.Columns.Index())
        {
            row[place] = column.IsOptional ? Row.Null : 0;
            if (dataset.Format.Constants.GetValueOrDefault(column.Name) is { } value)
            {
                var text = Encoding.UTF8.GetBytes(value);
                _ = column.Read(dataset.Format, text, out var number);
                row[place] = nulls.Contains(text) ? Row.Null : number;
                if (column.Type.IsText && row[place] != Row.Null)
                {
                    texts.Add((place, text));
                }
            }
        }
    }

    /// <summary>Whether a row has a text that is not in its record.</summary>
    public bool HasText => texts.Count > 0;

    /// <summary>A row that holds them; no field of a file replaces them.</summary>
    public long[] NewRow() => [.. row];

    /// <summary>Writes the texts in front of those of a record.</summary>
    /// <returns>Number of bytes written.</returns>
    public int WriteTexts(long[] row, byte[] buffer)
    {
        var used = 0;
        foreach (var (place, text) in texts)
        {
            row[place] = Row.Text(used, text.Length);
            text.CopyTo(buffer, used);
            used += text.Length;
        }

        return used;
    }
}
