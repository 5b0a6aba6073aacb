using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Spectre.Console;

namespace Etl.Hosts.Console.Output;

/// <summary>A diagnosis for people: a line for each thing, and its mend below it.</summary>
internal static class DoctorText
{
    public static void Write(Terminal terminal, HealthReport diagnosis)
    {
        WriteFindings(terminal, diagnosis.Results);
        var faults = diagnosis.Results.Count(f => f.Finding.Level == HealthLevel.Fault);
        var warnings = diagnosis.Results.Count(f => f.Finding.Level == HealthLevel.Warning);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            (faults, warnings) switch
            {
                (0, 0) => "A run would work.",
                (0, 1) => "A run would work, with 1 warning.",
                (0, _) => $"A run would work, with {warnings} warnings.",
                (1, _) => "A run would fail: 1 exception.",
                _ => $"A run would fail: {faults} faults.",
            }
        );
    }

    public static void WriteFindings(Terminal terminal, IReadOnlyList<HealthCheckResult> findings)
    {
        if (terminal.OutIsTerminal)
        {
            Draw(terminal, findings);
            return;
        }

        var width = findings.Max(f => f.Check.Length);
        foreach (var (check, finding) in findings)
        {
            terminal.Out.WriteLine($"{Word(finding.Level), -7}  {check.PadRight(width)}  {finding.Message}");
            if (finding.NextStep is { } mend)
            {
                terminal.Out.WriteLine($"{"", -7}  {"".PadRight(width)}  -> {mend}");
            }
        }
    }

    private static void Draw(Terminal terminal, IReadOnlyList<HealthCheckResult> findings)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(1));
        grid.AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (check, finding) in findings)
        {
            var (sign, colour) = finding.Level switch
            {
                HealthLevel.Good => ("✓", "green"),
                HealthLevel.Warning => ("!", "yellow"),
                HealthLevel.Fault => ("✗", "red"),
                _ => ("?", "grey"),
            };
            var mend = finding.NextStep is { } step ? $"\n[{colour}]→[/] {Markup.Escape(step)}" : "";
            grid.AddRow(
                new Markup($"[{colour}]{sign}[/]"),
                new Markup($"[bold]{Markup.Escape(check)}[/]"),
                new Markup(Markup.Escape(finding.Message) + mend)
            );
        }

        Drawing.On(terminal.Out, terminal.Width()).Write(grid);
    }

    public static string Word(HealthLevel level) =>
        level switch
        {
            HealthLevel.Good => "ok",
            HealthLevel.Warning => "warning",
            HealthLevel.Fault => "exception",
            _ => "unknown",
        };
}

/// <summary><c>doctor --json</c>.</summary>
internal sealed record DoctorDocument(
    string Status,
    int ExitCode,
    string? BusinessDate,
    IReadOnlyList<FindingDocument> Checks,
    ErrorDocument? Error
)
{
    public static DoctorDocument Of(BusinessDate? day, HealthReport diagnosis) =>
        new(
            diagnosis.Error is null ? "succeeded" : "failed",
            diagnosis.Error?.Code.ExitCode() ?? 0,
            day?.ToString(),
            [.. diagnosis.Results.Select(FindingDocument.Of)],
            ErrorDocument.Of(diagnosis.Error)
        );
}

/// <summary>What one check found.</summary>
internal sealed record FindingDocument(string Name, string Level, string Message, string? NextStep, string? Code)
{
    public static FindingDocument Of(HealthCheckResult found) =>
        new(
            found.Check,
            DoctorText.Word(found.Finding.Level),
            found.Finding.Message,
            found.Finding.NextStep,
            found.Finding.Code?.Text()
        );
}
