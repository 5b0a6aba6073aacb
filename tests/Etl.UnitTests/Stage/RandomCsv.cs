using System.Text;
using Etl.Domain.Datasets;

namespace Etl.UnitTests.Stage;

/// <summary>Makes files of every dialect from a seed: mostly good rows, some bad ones, any line end, any quoting.</summary>
internal sealed class RandomCsv(Random random, Dataset dataset)
{
    /// <summary>Rows enough to go beyond the bytes that the reader looks at in one piece.</summary>
    private const int LongFile = 2000;

    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];
    private static readonly string[] Blanks = ["", "", "", "", " ", "\t", "  "];

    private static readonly string[] Odd =
    [
        "",
        "",
        "0",
        "-1",
        "x",
        "NaN",
        "NULL",
        "1.5",
        "19.999",
        "2022-02-30",
        "1000-01-01",
        "99999999999999999999",
        "größe",
        "日本語",
        "a,b",
        "line\nbreak",
        "line\r\nbreak",
        "say \"so\"",
        "5",
        "22",
        "1000000000000",
        ",",
        "\"",
        "\n",
    ];

    private static readonly string[] Texts =
    [
        "A-1",
        "a-1",
        "größe",
        "日本語",
        "12",
        "two words",
        "say \"so\"",
        "a,b",
        "x\ny",
    ];

    private readonly string lineEnd = LineEnds[random.Next(3)];
    private readonly bool mixedLineEnds = random.Next(8) == 0;
    private readonly int quoting = random.Next(4);
    private readonly bool blanks = random.Next(4) == 0;

    public string Next()
    {
        var columns = dataset.Columns.Select(c => (Column?)c).ToList();
        for (var extra = random.Next(4) == 0 ? random.Next(3) : 0; extra > 0; extra--)
        {
            columns.Insert(random.Next(columns.Count + 1), null);
        }

        var order = random.Next(2) == 0 ? columns : [.. columns.OrderBy(_ => random.Next())];
        var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "");
        Line(text, order.Select((c, i) => c is null ? $"extra{i}" : Name(c)));
        for (var rows = random.Next(random.Next(250) == 0 ? LongFile : 12); rows > 0; rows--)
        {
            if (random.Next(20) == 0)
            {
                text.Append(End());
            }

            var fields = order.ConvertAll(c => random.Next(12) == 0 ? Odd[random.Next(Odd.Length)] : Good(c));
            if (random.Next(25) == 0)
            {
                fields.Add("more");
            }
            else if (random.Next(25) == 0)
            {
                fields.RemoveAt(fields.Count - 1);
            }

            Line(text, fields);
        }

        if (random.Next(3) == 0 && text[^1] is '\n' or '\r')
        {
            text.Length -= text.Length > 1 && text[^1] == '\n' && text[^2] == '\r' ? 2 : 1;
        }

        return text.ToString();
    }

    private static string Name(Column column) =>
        column.Aliases.Length > 0 && column.Name.Length % 2 == 0 ? column.Aliases[0] : column.Name;

    private string Good(Column? column) =>
        column?.Type.Rule switch
        {
            FieldRule.Date when column.Nullable && random.Next(3) == 0 => "",
            FieldRule.Date => $"20{random.Next(10, 30)}-{random.Next(1, 13):00}-{random.Next(1, 29):00}",
            FieldRule.Money => random.Next(2) == 0
                ? $"{random.Next(2000)}"
                : $"{random.Next(2000)}.{random.Next(100):00}",
            FieldRule.SignedMoney => $"{(random.Next(2) == 0 ? "-" : "")}{random.Next(2000)}.{random.Next(100):00}",
            FieldRule.SignedQuantity => $"{(random.Next(2) == 0 ? "-" : "")}{random.Next(1, 100)}",
            FieldRule.Stars => $"{random.Next(1, 6)}",
            FieldRule.Text or FieldRule.TextId => column.Nullable && random.Next(2) == 0
                ? ""
                : Texts[random.Next(Texts.Length)],
            FieldRule.Id => $"{random.Next(1, 400)}",
            FieldRule.Quantity => $"{random.Next(1, 100)}",
            _ => Odd[random.Next(Odd.Length)],
        };

    private void Line(StringBuilder text, IEnumerable<string> fields)
    {
        text.AppendJoin(',', fields.Select(Field));
        text.Append(End());
    }

    private string Field(string value)
    {
        var mustQuote = value.AsSpan().ContainsAny(",\"\r\n");
        if (!mustQuote && (quoting == 0 || (quoting == 1 && random.Next(3) > 0)))
        {
            return Blank() + value + Blank();
        }

        return $"{Blank()}\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"{Blank()}";
    }

    private string Blank() => blanks ? Blanks[random.Next(Blanks.Length)] : "";

    private string End() => mixedLineEnds ? LineEnds[random.Next(3)] : lineEnd;
}
