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
        var errors = Tables.Count(report.Results.Count(r => r.Finding.Level == HealthLevel.Fault), "error");
        var warnings = Tables.Count(report.Results.Count(r => r.Finding.Level == HealthLevel.Warning), "warning");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"{(report.Error is null ? "Ready to run" : "Not ready to run")}: {errors}, {warnings}."
        );
    }

    public static void WriteResults(Terminal terminal, IReadOnlyList<HealthCheckResult> results)
    {
        if (terminal.OutIsTerminal)
        {
            Draw(terminal, results);
            return;
        }

        var checkWidth = results.Max(r => r.Check.Length);
        var levelWidth = results.Max(r => Text(r.Finding.Level).Length);
        foreach (var result in results)
        {
            var level = Text(result.Finding.Level).PadRight(levelWidth);
            terminal.Out.WriteLine($"{level}  {result.Check.PadRight(checkWidth)}  {result.Finding.Message}");
            if (result.Finding.NextStep is not null)
            {
                terminal.Out.WriteLine(
                    $"{new string(' ', levelWidth + checkWidth + 4)}next: {result.Finding.NextStep}"
                );
            }
        }
    }

    private static void Draw(Terminal terminal, IReadOnlyList<HealthCheckResult> results)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(1));
        grid.AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var result in results)
        {
            var (sign, color) = result.Finding.Level switch
            {
                HealthLevel.Good => ("✓", "green"),
                HealthLevel.Warning => ("!", "yellow"),
                HealthLevel.Fault => ("✗", "red"),
                _ => ("?", "grey"),
            };
            var next = result.Finding.NextStep is { } step ? $"\n[{color}]→[/] {Markup.Escape(step)}" : "";
            grid.AddRow(
                new Markup($"[{color}]{sign}[/]"),
                new Markup($"[bold]{Markup.Escape(result.Check)}[/]"),
                new Markup(Markup.Escape(result.Finding.Message) + next)
            );
        }

        Drawing.On(terminal.Out, terminal.Width()).Write(grid);
    }

    private static string Text(HealthLevel level) => LevelOf(level).Replace('_', ' ');

    public static string LevelOf(HealthLevel level) =>
        level switch
        {
            HealthLevel.Good => "ok",
            HealthLevel.Warning => "warning",
            HealthLevel.Fault => "error",
            _ => "not_checked",
        };
}
