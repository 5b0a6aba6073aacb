using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;

namespace Etl.UnitTests.Stage;

/// <summary>
/// Makes a file of a declared format from a seed: mostly good rows, some bad ones. Beside its text stands the same text as
/// CsvHelper reads it, byte by byte as long: it knows no backslash before a quote.
/// </summary>
internal sealed class DeclaredCsv
{
    /// <summary>Two bytes of UTF-8 for the two of an escaped backslash.</summary>
    public const char Backslash = '\u0080';

    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    private static readonly string[] Odd =
    [
        "",
        "-1",
        "x",
        "NULL",
        "-",
        "1.5",
        "1,5",
        "19,999",
        "1.234",
        "1,234",
        "12.34,5",
        "1.2345",
        "2022-02-30",
        "31.02.2022",
        "13/13/2022",
        "99999999999999999999",
        "größe",
        "日本語",
        "a,b;c|d^e\tf",
        "line\nbreak",
        "say \"so\" or 'so'",
        "C:\\",
        "a\\\"b\\'c\\d",
        "5",
    ];

    private readonly Random random;
    private readonly RandomFormat format;
    private readonly StringBuilder text = new();
    private readonly StringBuilder peer = new();
    private readonly char delimiter;
    private readonly string lineEnd;
    private readonly int quoting;

    public DeclaredCsv(Random random, Dataset dataset)
    {
        (this.random, format) = (random, new RandomFormat(random));
        delimiter = format.Format.Delimiter ?? ',';
        (lineEnd, quoting) = (LineEnds[random.Next(3)], random.Next(4));
        var constants = Constants(dataset);
        Names = dataset.Columns.ToDictionary(
            c => c.Name,
            c => random.Next(3) == 0 ? format.Encodable($"Größe {c.Name}") : c.Name
        );
        var columns = dataset.Columns.Where(c => !constants.ContainsKey(c.Name)).Select(c => (Column?)c).ToList();
        columns.Insert(random.Next(columns.Count + 1), null);
        Order = random.Next(2) == 0 ? columns : [.. columns.OrderBy(_ => random.Next())];
        var header = Order.Select(c => c is null ? "extra" : Names[c.Name]).ToList();
        Dataset = dataset with
        {
            Format = format.Format with
            {
                Header = format.HasHeader ? [] : header,
                Constants = constants,
                ColumnNames = Names
                    .Where(n => n.Key != n.Value)
                    .ToDictionary(n => n.Key, n => (IReadOnlyList<string>)[n.Value]),
            },
        };
        Write(header);
    }

    /// <summary>The dataset in the format of the file.</summary>
    public Dataset Dataset { get; }

    /// <summary>The columns of the file, null for one that the dataset does not have.</summary>
    public IReadOnlyList<Column?> Order { get; }

    public RandomFormat Format => format;

    /// <summary>Lines before the header or the first row: none of them is a record.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>Number of lines of the prefix.</summary>
    public int PrefixLines { get; private set; }

    /// <summary>The file as it is delivered.</summary>
    public byte[] Bytes => format.Bytes(Prefix + text);

    /// <summary>The records in UTF-8, from the header on.</summary>
    public byte[] Records => Encoding.UTF8.GetBytes(text.ToString());

    /// <summary>The same for CsvHelper.</summary>
    public byte[] PeerRecords => Encoding.UTF8.GetBytes(peer.ToString());

    public override string ToString() => $"{string.Join(", ", format.Parts)}\n{Prefix}{text}";

    private Dictionary<string, string> Names { get; }

    private Dictionary<string, string> Constants(Dataset dataset)
    {
        var free = dataset.Columns.Where(c => !dataset.Key.Contains(c.Name) && c.Type.Rule != FieldRule.Date).ToList();
        return free.Count == 0 || random.Next(4) > 0 ? [] : new() { [free[random.Next(free.Count)].Name] = "5" };
    }

    private void Write(List<string> header)
    {
        for (var i = 0; i < format.Format.SkipLines; i++)
        {
            Prefix += format.Encodable(new[] { "Report", "", "\"open", "a;b,c|d", "größe" }[random.Next(5)]) + lineEnd;
            PrefixLines++;
        }

        if (format.Format.Delimiter is not null && random.Next(4) == 0)
        {
            Prefix += $"sep={",;|\t"[random.Next(4)]}{lineEnd}";
            PrefixLines++;
        }

        var hasLastDelimiter = random.Next(4) == 0 && format.HasHeader;
        if (format.HasHeader)
        {
            Line(hasLastDelimiter ? [.. header, ""] : header);
        }

        for (var rows = random.Next(random.Next(100) == 0 ? 600 : 12); rows > 0; rows--)
        {
            var fields = Order.Select(c => random.Next(12) == 0 ? Odd[random.Next(Odd.Length)] : Good(c)).ToList();
            if (random.Next(25) == 0)
            {
                fields.RemoveAt(fields.Count - 1);
            }

            Line(hasLastDelimiter ? [.. fields, ""] : fields);
        }
    }

    private string Good(Column? column) =>
        column?.Type.Rule switch
        {
            FieldRule.Date when column.Nullable && random.Next(3) == 0 => format.Format.NullTokens is [var first, ..]
            && random.Next(2) == 0
                ? first
                : "",
            FieldRule.Date => Day(),
            FieldRule.Money => Grouped(random.Next(2_000_000))
                + (random.Next(2) == 0 ? "" : $"{format.Format.DecimalSeparator}{random.Next(1, 100):00}"),
            FieldRule.Stars => $"{random.Next(1, 6)}",
            FieldRule.Text => column.Nullable && random.Next(2) == 0 ? "" : $"text {random.Next(300)}",
            FieldRule.Id => Grouped(random.Next(1, 4000)),
            FieldRule.Quantity => Grouped(random.Next(1, 3000)),
            _ => Odd[random.Next(Odd.Length)],
        };

    private string Day()
    {
        var formats = format.Format.DateFormats;
        var time = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.FromHours(random.Next(-12, 13))).AddMinutes(
            random.Next(40 * 365 * 1440)
        );
        return time.ToString(formats[random.Next(formats.Count)], CultureInfo.InvariantCulture);
    }

    private string Grouped(int number) =>
        format.Format.ThousandsSeparator is { } group && random.Next(2) == 0
            ? number.ToString("N0", CultureInfo.InvariantCulture).Replace(",", group, StringComparison.Ordinal)
            : $"{number}";

    private void Line(IEnumerable<string> fields)
    {
        foreach (var (i, field) in fields.Index())
        {
            text.Append(i == 0 ? "" : delimiter);
            peer.Append(i == 0 ? "" : delimiter);
            Field(format.Encodable(field));
        }

        text.Append(lineEnd);
        peer.Append(lineEnd);
    }

    private void Field(string value)
    {
        var (quote, escape) = (format.Format.Quote, format.Format.Escape);
        if (
            value.AsSpan().IndexOfAny([delimiter, quote, '\r', '\n']) < 0
            && (quoting == 0 || (quoting == 1 && random.Next(3) > 0))
        )
        {
            text.Append(value);
            peer.Append(value);
            return;
        }

        var doubled = value.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal);
        if (escape == quote)
        {
            text.Append(quote).Append(doubled).Append(quote);
            peer.Append(quote).Append(doubled).Append(quote);
            return;
        }

        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace($"{quote}", $"\\{quote}", StringComparison.Ordinal);
        text.Append(quote).Append(escaped).Append(quote);
        peer.Append(quote).Append(doubled.Replace('\\', Backslash)).Append(quote);
    }
}
