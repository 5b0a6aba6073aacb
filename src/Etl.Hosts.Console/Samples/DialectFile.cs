using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>Writes the rows of a dataset in its declared format.</summary>
internal sealed class DialectFile : IDisposable
{
    private readonly StreamWriter file;
    private readonly Dataset dataset;
    private readonly FileFormat format;
    private readonly string delimiter;
    private readonly NumberFormatInfo numbers;

    public DialectFile(string path, Dataset dataset)
    {
        (this.dataset, format) = (dataset, dataset.Format);
        delimiter = $"{format.Delimiter ?? ','}";
        numbers = new NumberFormatInfo
        {
            NumberDecimalSeparator = $"{format.DecimalSeparator}",
            NumberGroupSeparator = format.ThousandsSeparator ?? "",
        };
        // Without a byte order mark where the encoding does not need one.
        var encoding =
            format.Encoding == TextEncodings.Utf8 ? new UTF8Encoding() : TextEncodings.Find(format.Encoding)!;
        file = new StreamWriter(path, append: false, encoding) { NewLine = "\n" };
        WriteLine(dataset.Columns.Select(c => format.ColumnNames.GetValueOrDefault(c.Name)?[0] ?? c.Name));
    }

    public void Write(RowBuffer row) =>
        WriteLine(dataset.Columns.Select((c, i) => Text(c.Type, Encoding.UTF8.GetString(row.Field(i)))));

    public void Dispose() => file.Dispose();

    private void WriteLine(IEnumerable<string> fields) => file.WriteLine(string.Join(delimiter, fields.Select(Quoted)));

    private string Text(FieldType type, string value)
    {
        if (value.Length == 0)
        {
            return format.NullTokens.Count > 0 ? format.NullTokens[0] : "";
        }

        var invariant = CultureInfo.InvariantCulture;
        return type.Rule switch
        {
            FieldRule.Date => DateOnly
                .ParseExact(value, FileFormat.StandardDate, invariant)
                .ToString(format.DateFormats[0], invariant),
            FieldRule.Money or FieldRule.SignedMoney => decimal.Parse(value, invariant).ToString("N2", numbers),
            _ => value,
        };
    }

    private string Quoted(string field) =>
        field.Contains(delimiter, StringComparison.Ordinal) || field.Contains(format.Quote)
            ? $"{format.Quote}{field.Replace($"{format.Quote}", $"{format.Escape}{format.Quote}", StringComparison.Ordinal)}{format.Quote}"
            : field;
}
