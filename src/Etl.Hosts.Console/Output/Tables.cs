using System.Globalization;
using Etl.Hosts.Console.Cli;
using Spectre.Console;

namespace Etl.Hosts.Console.Output;

/// <summary>A small table on stdout: drawn on a terminal, plain columns in a pipe.</summary>
internal static class Tables
{
    /// <summary>Headers that begin with <c>#</c> are of numbers, and stand to the right.</summary>
    public static void Write(Terminal terminal, string[] headers, IReadOnlyList<string[]> rows)
    {
        if (terminal.OutIsTerminal)
        {
            Draw(terminal, headers, rows);
            return;
        }

        var widths = headers.Select((h, i) => rows.Select(r => r[i].Length).Append(Name(h).Length).Max()).ToArray();
        foreach (var row in rows.Prepend([.. headers.Select(Name)]))
        {
            var cells = row.Select((c, i) => IsNumber(headers[i]) ? c.PadLeft(widths[i]) : c.PadRight(widths[i]));
            terminal.Out.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Numbers are never broken; where the window is narrow, words are.</summary>
    private static void Draw(Terminal terminal, string[] headers, IReadOnlyList<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in headers)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(Name(header))}[/]").Padding(0, 0, 1, 0);
            table.AddColumn(IsNumber(header) ? column.RightAligned().NoWrap() : column);
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        // The border's own empty lines, above and below, are left out.
        terminal.Out.Write($"{Drawing.Text(table, terminal.Width()).Trim('\n', ' ')}\n");
    }

    private static bool IsNumber(string header) => header[0] == '#';

    private static string Name(string header) => header.TrimStart('#');
}
