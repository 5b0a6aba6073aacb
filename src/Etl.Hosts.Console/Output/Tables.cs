using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Spectre.Console;

namespace Etl.Hosts.Console.Output;

/// <summary>Small tables on stdout: drawn on a terminal, plain columns in a pipe.</summary>
internal static partial class Tables
{
    /// <summary>Characters left and right of a drawn table.</summary>
    private const int Margin = 4;

    /// <summary>
    /// Writes a table; columns whose header starts with <c>#</c> hold numbers and are right-aligned. In a window that is as
    /// wide as its columns and not as its drawing, a table is not drawn either: the drawing would break names.
    /// </summary>
    public static void Write(Terminal terminal, string[] headers, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        var widths = headers.Select((h, i) => all.Select(r => r[i].Length).Append(Name(h).Length).Max()).ToArray();
        var width = widths.Sum() + (2 * (widths.Length - 1));
        if (terminal.OutIsTerminal && (width + Margin <= terminal.Width() || width > terminal.Width()))
        {
            Draw(terminal, headers, all);
            return;
        }

        foreach (var row in all.Prepend([.. headers.Select(Name)]))
        {
            var cells = row.Select((c, i) => IsNumber(headers[i]) ? c.PadLeft(widths[i]) : c.PadRight(widths[i]));
            terminal.Out.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>The same after an empty line; nothing where there are no rows.</summary>
    public static void WriteSection(Terminal terminal, string[] headers, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count > 0)
        {
            terminal.Out.WriteLine();
            Write(terminal, headers, all);
        }
    }

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, as in "1 row" and "2,000 rows".</summary>
    public static string Count(long number, string noun) => $"{Count(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Writes a warning; on a terminal its lines are indented below the word.</summary>
    public static void WriteWarnings(Terminal terminal, IEnumerable<RunWarning> warnings)
    {
        foreach (var warning in warnings)
        {
            if (terminal.OutIsTerminal)
            {
                var line = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn();
                var message = Wrapping.Wrap(warning.Message, terminal.Width() - "warning: ".Length);
                line.AddRow(new Markup("[yellow]warning:[/]"), new Text(message));
                Drawing.On(terminal.Out, terminal.Width()).Write(line);
            }
            else
            {
                terminal.Out.WriteLine($"warning: {warning}");
            }
        }
    }

    /// <summary>In a narrow window text is wrapped. Numbers and names are not, unless the window is too narrow for them.</summary>
    private static void Draw(Terminal terminal, string[] headers, List<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in headers)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(Name(header))}[/]").Padding(0, 0, 1, 0);
            column = IsNumber(header) ? column.RightAligned() : column;
            var position = table.Columns.Count;
            table.AddColumn(rows.Exists(r => r[position].Contains(' ')) ? column : column.NoWrap());
        }

        rows.ForEach(row => table.AddRow([.. row.Select(Markup.Escape)]));

        // Without the empty lines of the border, above and below.
        var lines = Drawing.Text(table, terminal.Width()).Split('\n').ToList();
        terminal.Out.Write(string.Concat(lines.Where(l => !IsEmpty(l)).Select(l => $"{l}\n")));
    }

    private static bool IsEmpty(string line) => string.IsNullOrWhiteSpace(Codes().Replace(line, ""));

    [GeneratedRegex("\e\\[[0-9;]*m", RegexOptions.CultureInvariant)]
    private static partial Regex Codes();

    private static bool IsNumber(string header) => header[0] == '#';

    private static string Name(string header) => header.TrimStart('#');
}
