using System.Globalization;
using Etl.Application.Pipeline;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>How a run ended, for people: what became of the files, where the exports are, what to know.</summary>
internal static class SummaryText
{
    public static void Write(Terminal terminal, RunSummary summary)
    {
        terminal.Out.WriteLine(Headline(summary));
        if (summary.Sources.Count > 0)
        {
            terminal.Out.WriteLine();
            Tables.Write(
                terminal,
                ["file", "#read", "#loaded", "#quarantined", "#bytes"],
                [
                    .. summary.Sources.Select(s =>
                        (string[])
                            [
                                s.Uri.Length == 0 ? $"{s.Dataset} (none)" : s.Uri[(s.Uri.LastIndexOf('/') + 1)..],
                                .. new[] { s.Read, s.Loaded, s.Quarantined, s.Bytes }.Select(Tables.Count),
                            ]
                    ),
                ]
            );
        }

        if (summary.Exports.Count > 0)
        {
            terminal.Out.WriteLine();
            Tables.Write(
                terminal,
                ["export", "#rows", "#bytes", "sha256"],
                [
                    .. summary.Exports.Select(e =>
                        (string[])[e.Table, Tables.Count(e.Rows), Tables.Count(e.Bytes), e.Sha256[..12]]
                    ),
                ]
            );
        }

        WriteEnd(terminal, summary);
    }

    private static void WriteEnd(Terminal terminal, RunSummary summary)
    {
        if (summary.ManifestUri is { } manifest)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"manifest: {manifest}");
        }

        foreach (var warning in summary.Warnings)
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
