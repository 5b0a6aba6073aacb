using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>The summary of a run for people, with the row counts of the previous run for comparison.</summary>
internal static class SummaryText
{
    public static void Write(Terminal terminal, RunSummary summary, RunHistory? previous)
    {
        terminal.WriteText(Headline(summary));
        if (!terminal.Quiet)
        {
            WriteSources(terminal, summary, previous);
            WriteExports(terminal, summary, previous);
            WritePlaces(terminal, summary, previous);
        }

        Tables.WriteWarnings(terminal, summary.Warnings);
    }

    private static void WriteSources(Terminal terminal, RunSummary summary, RunHistory? previous) =>
        Tables.WriteSection(
            terminal,
            ["file", "#read", "#loaded", "#rejected", .. PreviousColumn(previous, "#previous run"), "#bytes"],
            FileRow
                .Of(summary.Sources)
                .Select(s =>
                    (string[])
                        [
                            s.Name,
                            Tables.Count(s.Read),
                            Tables.Count(s.Loaded),
                            Tables.Count(s.Rejected),
                            .. PreviousColumn(previous, s.IsPart ? "" : Loaded(previous, s.Dataset)),
                            Tables.Count(s.Bytes),
                        ]
                )
        );

    private static void WriteExports(Terminal terminal, RunSummary summary, RunHistory? previous) =>
        Tables.WriteSection(
            terminal,
            ["export", "#rows", .. PreviousColumn(previous, "#previous run"), "#bytes", "sha256"],
            summary.Exports.Select(e =>
                (string[])
                    [
                        e.Table,
                        Tables.Count(e.Rows),
                        .. PreviousColumn(previous, Exported(previous, e.Table)),
                        Tables.Count(e.Bytes),
                        HistoryText.Short(e.Sha256),
                    ]
            )
        );

    private static void WritePlaces(Terminal terminal, RunSummary summary, RunHistory? previous)
    {
        (string Label, string? Value)[] places =
        [
            ("previous run:", previous?.Run.RunId),
            ("manifest:", summary.ManifestUri),
            ("report:", summary.ReportUri),
            ("cost:", summary.Cost?.ToString()),
        ];
        var known = places.Where(p => p.Value is not null).ToList();
        if (known.Count > 0)
        {
            var width = known.Max(p => p.Label.Length) + 1;
            terminal.Out.WriteLine();
            known.ForEach(p =>
                terminal.Out.WriteLine(p.Label.PadRight(width) + Place.Show(terminal, p.Value!, column: width))
            );
        }
    }

    /// <summary>The cell of the previous run's column, which the first run does not have.</summary>
    private static string[] PreviousColumn(RunHistory? previous, string cell) => previous is null ? [] : [cell];

    private static string Loaded(RunHistory? previous, string dataset) =>
        previous?.RowCountsOf(dataset) is { } rowCounts ? Tables.Count(rowCounts.Loaded) : "";

    private static string Exported(RunHistory? previous, string table) =>
        previous?.Exports.FirstOrDefault(e => e.Table == table) is { } export ? Tables.Count(export.Rows) : "";

    private static string Headline(RunSummary summary)
    {
        var day = $"business date {summary.BusinessDate}, as of {summary.AsOf}";
        var run = summary.RunId is null ? "The run" : $"Run {summary.RunId}";
        var seconds = Tables.Seconds(summary.Duration);
        return summary.Status switch
        {
            SummaryStatus.Succeeded when summary.IsRollback =>
                $"{run} restored run {summary.BaseRunId} in {seconds} s: {day}.",
            SummaryStatus.Succeeded => $"{run} succeeded in {seconds} s: {day}.",
            SummaryStatus.AlreadyDone when summary.IsRolledBack =>
                $"Run {summary.RunId} was rolled back: {day}. Nothing was changed; --force runs the day again.",
            SummaryStatus.AlreadyDone =>
                $"Already done by run {summary.RunId}: {day}. Nothing was changed; --force runs again.",
            SummaryStatus.ExportPending => $"{run} is published, its export is pending: {day}.",
            SummaryStatus.InProgress => $"{run} is in progress: {day}.",
            SummaryStatus.Cancelled => $"{run} was cancelled after {seconds} s: {day}.",
            SummaryStatus.TimedOut => $"{run} timed out after {seconds} s: {day}.",
            _ => $"{run} failed after {seconds} s: {day}.",
        };
    }
}
