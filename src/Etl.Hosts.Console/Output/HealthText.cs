using Etl.Application.Operations;
using Etl.Hosts.Console.Cli;
using Spectre.Console;

namespace Etl.Hosts.Console.Output;

/// <summary>Results of health checks for people: one line per check, and the next step below it.</summary>
internal static class HealthText
{
    public static void Write(Terminal terminal, HealthReport report)
    {
        WriteResults(terminal, report.Results);
        var errors = Tables.Count(report.Results.Count(r => r.Level == HealthLevel.Error), "error");
        var warnings = Tables.Count(report.Results.Count(r => r.Level == HealthLevel.Warning), "warning");
        terminal.Out.WriteLine();
        var outcome =
            report.Error is not null ? "A run would fail"
            : report.NotExamined.Count > 0 ? "No error found"
            : "A run would work";
        terminal.Out.WriteLine($"{outcome}: {errors}, {warnings}.");
        WriteNotExamined(terminal, report.NotExamined, hint: null);
    }

    /// <summary>What a verb did not examine, so that nobody relies on it.</summary>
    public static void WriteNotExamined(Terminal terminal, IReadOnlyList<string> checks, string? hint)
    {
        if (checks.Count > 0)
        {
            var more = hint is null ? "" : $" ({hint})";
            terminal.WriteText($"Not examined: {string.Join(", ", checks)}{more}.");
        }
    }

    public static void WriteResults(Terminal terminal, IReadOnlyList<HealthCheckResult> results)
    {
        if (terminal.OutIsTerminal)
        {
            Draw(terminal, results);
            return;
        }

        var checkWidth = results.Max(r => r.Check.Length);
        var levelWidth = results.Max(r => Text(r.Level).Length);
        foreach (var result in results)
        {
            var level = Text(result.Level).PadRight(levelWidth);
            terminal.Out.WriteLine($"{level}  {result.Check.PadRight(checkWidth)}  {result.Message}");
            if (result.NextStep is not null)
            {
                terminal.Out.WriteLine($"{new string(' ', levelWidth + checkWidth + 4)}next: {result.NextStep}");
            }
        }
    }

    private static void Draw(Terminal terminal, IReadOnlyList<HealthCheckResult> results)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(1));
        grid.AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        // Spectre.Console breaks a path anywhere. Before the message are the sign and the check, with their spaces.
        var width = terminal.Width() - results.Max(r => r.Check.Length) - 4;
        foreach (var result in results)
        {
            var (sign, color) = result.Level switch
            {
                HealthLevel.Ok => ("✓", "green"),
                HealthLevel.Warning => ("!", "yellow"),
                HealthLevel.Error => ("✗", "red"),
                _ => ("?", "grey"),
            };
            var next = result.NextStep is { } step ? $"\n[{color}]→[/] {Markup.Escape(step)}" : "";
            grid.AddRow(
                new Markup($"[{color}]{sign}[/]"),
                new Markup($"[bold]{Markup.Escape(result.Check)}[/]"),
                new Markup(Markup.Escape(Wrapping.Wrap(result.Message, width)) + next)
            );
        }

        Drawing.On(terminal.Out, terminal.Width()).Write(grid);
    }

    private static string Text(HealthLevel level) => JsonOutput.SnakeCase(level).Replace('_', ' ');
}
