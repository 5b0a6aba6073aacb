using System.Globalization;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Spectre.Console;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// How a run ended, for people: what became of the files, where the exports are, what to know; beside it the figures of the
/// run before.
/// </summary>
internal static class SummaryText
{
    public static void Write(Terminal terminal, RunSummary summary, RunHistory? before)
    {
        terminal.Out.WriteLine(Headline(summary));
        if (terminal.Quiet)
        {
            WriteWarnings(terminal, summary);
            return;
        }

        WriteSources(terminal, summary, before);
        WriteExports(terminal, summary, before);
        if (before is not null)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"last run: {before.Run.RunId}");
        }

        if (summary.ManifestUri is { } manifest)
        {
            terminal.Out.WriteLine($"{(before is null ? "\n" : "")}manifest: {manifest}");
        }

        if (summary.ReportUri is { } report)
        {
            terminal.Out.WriteLine($"report:   {report}");
        }

        if (summary.Cost is { } cost)
        {
            terminal.Out.WriteLine($"cost:     {cost}");
        }

        WriteWarnings(terminal, summary);
    }

    private static void WriteSources(Terminal terminal, RunSummary summary, RunHistory? before)
    {
        if (summary.Sources.Count == 0)
        {
            return;
        }

        terminal.Out.WriteLine();
        Tables.Write(
            terminal,
            ["file", "#read", "#loaded", "#rejected", .. LastRun(before), "#bytes"],
            [
                .. summary.Sources.Select(s =>
                    (string[])
                        [
                            s.Uri.Length == 0 ? $"{s.Dataset} (none)" : s.Uri[(s.Uri.LastIndexOf('/') + 1)..],
                            .. new[] { s.Read, s.Loaded, s.Rejected }.Select(Tables.Count),
                            .. before is null
                                ? (string[])[]
                                :
                                [
                                    before.RowCountsOf(s.Dataset) is { } rowCounts
                                        ? Tables.Count(rowCounts.Loaded)
                                        : "",
                                ],
                            Tables.Count(s.Bytes),
                        ]
                ),
            ]
        );
    }

    private static void WriteExports(Terminal terminal, RunSummary summary, RunHistory? before)
    {
        if (summary.Exports.Count == 0)
        {
            return;
        }

        var last = before?.Exports.ToDictionary(e => e.Table, e => Tables.Count(e.Rows)) ?? [];
        terminal.Out.WriteLine();
        Tables.Write(
            terminal,
            ["export", "#rows", .. LastRun(before), "#bytes", "sha256"],
            [
                .. summary.Exports.Select(e =>
                    (string[])
                        [
                            e.Table,
                            Tables.Count(e.Rows),
                            .. before is null ? (string[])[] : [last.GetValueOrDefault(e.Table, "")],
                            Tables.Count(e.Bytes),
                            e.Sha256[..12],
                        ]
                ),
            ]
        );
    }

    /// <summary>The first run of all has nothing to be compared with.</summary>
    private static string[] LastRun(RunHistory? before) => before is null ? [] : ["#last run"];

    private static void WriteWarnings(Terminal terminal, RunSummary summary)
    {
        foreach (var warning in summary.Warnings)
        {
            Remark(terminal, warning);
        }
    }

    /// <summary>Something to know; on a terminal its words are not broken.</summary>
    public static void Remark(Terminal terminal, string warning)
    {
        if (terminal.OutIsTerminal)
        {
            var line = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn();
            line.AddRow(new Markup("[yellow]warning:[/]"), new Text(warning));
            Drawing.On(terminal.Out, terminal.Width()).Write(line);
        }
        else
        {
            terminal.Out.WriteLine($"warning: {warning}");
        }
    }

    private static string Headline(RunSummary summary)
    {
        var day = $"business date {summary.BusinessDate}, as of {summary.AsOf}";
        var seconds = summary.Duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        return summary.Status switch
        {
            SummaryStatus.Succeeded => $"Run {summary.RunId} succeeded in {seconds} s: {day}.",
            SummaryStatus.AlreadyDone =>
                $"Already done by run {summary.RunId}: {day}. Nothing was changed; --force runs again.",
            SummaryStatus.InProgress => $"Run {summary.RunId} is in progress: {day}.",
            SummaryStatus.Cancelled => $"Run {summary.RunId ?? "(not begun)"} was cancelled after {seconds} s: {day}.",
            SummaryStatus.TimedOut => $"Run {summary.RunId ?? "(not begun)"} timed out after {seconds} s: {day}.",
            _ => $"Run {summary.RunId ?? "(not begun)"} failed after {seconds} s: {day}.",
        };
    }
}
