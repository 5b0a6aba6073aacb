using System.Globalization;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Writes a run's message: a subject for a lock screen, a body for a phone.</summary>
internal static class MessageWriter
{
    private const int MaxSubject = 99;
    private const int MaxExample = 100;

    public static Message Write(MessageFacts facts)
    {
        var summary = facts.Summary;
        return new Message(
            facts.Run,
            BusinessDate.Parse(summary.BusinessDate),
            facts.Outcome,
            Subject(summary, facts.Outcome),
            Body(facts)
        )
        {
            Cause = summary.Status == SummaryStatus.Succeeded ? null : summary.Error?.Cause,
        };
    }

    private static string Subject(RunSummary summary, Outcome outcome)
    {
        var result = outcome switch
        {
            Outcome.Success or Outcome.SuccessWithRejects or Outcome.Recovered when summary.IsRollback =>
                $"rolled back to run {summary.BaseRunId}",
            Outcome.Success => $"succeeded, {Counted.Of(summary.Sources.Sum(s => s.Loaded), "row")}",
            Outcome.SuccessWithRejects =>
                $"succeeded, {Counted.Of(summary.Sources.Sum(s => s.Rejected), "row")} rejected",
            Outcome.Recovered => $"recovered, {Counted.Of(summary.Sources.Sum(s => s.Loaded), "row")}",
            _ => $"{StatusText(summary.Status)}: {summary.Error?.Message}",
        };
        return Ascii($"Etl {summary.BusinessDate} {result}");
    }

    private static string Body(MessageFacts facts)
    {
        var text = new PhoneText();
        FigureText.Add(text, facts.Summary);
        text.Line(Headline(facts));
        AddRun(text, facts.Summary);
        AddError(text, facts.Summary);
        AddRecovery(text, facts);
        AddRepeats(text, facts);
        AddFiles(text, facts);
        AddRejects(text, facts);
        AddWarnings(text, facts.Summary);
        AddLocations(text, facts.Summary);
        return text.ToString();
    }

    private static string Headline(MessageFacts facts)
    {
        var rows = facts.Summary.Sources.Sum(s => s.Rejected);
        var rejected = Counted.Of(rows, "rejected row");
        return facts.Outcome switch
        {
            Outcome.Success => "Succeeded.",
            Outcome.SuccessWithRejects => $"Succeeded, with {rejected}.",
            Outcome.Recovered when rows > 0 => $"Recovered: succeeded after a failure, with {rejected}.",
            Outcome.Recovered => "Recovered: succeeded after a failure.",
            _ when facts.Summary.Status == SummaryStatus.ExportPending =>
                "Published; readers see the new rows. The export is pending.",
            _ when facts.Summary.IsPublished =>
                $"{Capital(StatusText(facts.Summary.Status))} after the publish; readers see the new rows.",
            _ => $"{Capital(StatusText(facts.Summary.Status))}. Nothing was published.",
        };
    }

    private static void AddRun(PhoneText text, RunSummary summary)
    {
        text.Line($"Business date {summary.BusinessDate}");
        if (summary.AsOf != summary.BusinessDate)
        {
            text.Line($"As of {summary.AsOf}");
        }

        var forced =
            summary.SourceChanged ? ", of files that were delivered again"
            : summary is { Forced: true, BaseRunId: null } ? ", forced"
            : "";
        text.Line(summary.RunId is { } run ? $"Run {run}{forced}" : "No run was started.");
        if (summary.BaseRunId is { } earlier)
        {
            text.Line(
                summary.IsRollback
                    ? $"Rollback: readers see the rows of run {earlier} again."
                    : $"Replay: corrected rows were added to run {earlier}."
            );
        }
    }

    private static void AddError(PhoneText text, RunSummary summary)
    {
        if (summary.Error is not { } error)
        {
            return;
        }

        text.Part("Error").Line(error.Message, 2);
        text.Part("Next step").Line(error.NextStep, 2);
        foreach (var command in NextCommand.After(summary).Where(c => !Says(c)))
        {
            text.Whole(command, 4);
        }

        if (!Says("rerun is safe"))
        {
            text.Line("A rerun is safe.", 2);
        }

        bool Says(string part) => error.NextStep.Contains(part, StringComparison.Ordinal);
    }

    private static void AddRecovery(PhoneText text, MessageFacts facts)
    {
        if (facts.Summary.Interruption is { } own)
        {
            text.Part("Before: this run, after its publish").Line(own.Message, 2);
        }
        else if (facts is { Outcome: Outcome.Recovered, RecoveredFrom: { } failed })
        {
            var when = failed.FinishedAt is { } at ? Minute(at) : "";
            var how = StatusText(
                failed.Status switch
                {
                    RunStatus.TimedOut => SummaryStatus.TimedOut,
                    RunStatus.Cancelled => SummaryStatus.Cancelled,
                    _ => SummaryStatus.Failed,
                }
            );
            text.Part($"Before: run {failed.RunId} {how}").Line(when, 2).Line(failed.ErrorMessage ?? "", 2);
        }
    }

    private static void AddRepeats(PhoneText text, MessageFacts facts)
    {
        if (facts.Repeats.Count > 0)
        {
            text.Part("Failed starts without a message of their own");
        }

        foreach (var failed in facts.Repeats)
        {
            text.Line($"{failed.Cause}: {Count(failed.Repeats)}", 2).Line($"the last at {Minute(failed.LastAt)}", 4);
        }
    }

    private static void AddFiles(PhoneText text, MessageFacts facts)
    {
        if (facts.Summary.Sources.Count == 0)
        {
            return;
        }

        text.Part(facts.Summary.IsPublished ? "Rows" : "Rows read, not published");
        foreach (var parts in facts.Summary.Sources.GroupBy(s => s.Dataset))
        {
            var (read, loaded, rejected) = (
                parts.Sum(s => s.Read),
                parts.Sum(s => s.Loaded),
                parts.Sum(s => s.Rejected)
            );
            var change = facts.Before?.RowCountsOf(parts.Key) is { } last
                ? string.Create(CultureInfo.InvariantCulture, $" ({loaded - last.Loaded:+#,0;-#,0;+0})")
                : "";
            text.Line($"{parts.Key}: {Count(loaded)} loaded{change}", 2);
            if (rejected > 0)
            {
                text.Line($"{Count(rejected)} of {Count(read)} rejected", 4);
            }
        }

        if (facts.Before is { } before)
        {
            text.Line($"In parentheses: change since run {before.Run.RunId}", 2);
        }
    }

    private static void AddRejects(PhoneText text, MessageFacts facts)
    {
        if (facts.Rejects.Count == 0)
        {
            return;
        }

        text.Part("Rejected rows");
        foreach (var (count, first) in facts.Rejects)
        {
            text.Line($"{count.Dataset}, {count.Code.Text()}: {Count(count.Rows)}", 2);
            foreach (var row in first)
            {
                var named =
                    row.Row.Column is not { } column || row.Row.Message.Contains(column, StringComparison.Ordinal);
                var where = named ? "" : $", {row.Row.Column}";
                var line = row.Row.Line == 0 ? "" : $" line {row.Row.Line}";
                text.Line($"{row.File}{line}{where}:", 4).Line(Short(row.Row.Message), 6);
            }
        }

        text.Line("All of them:", 2).Whole($"etl quarantine list --run {facts.Run}", 4);
    }

    private static void AddWarnings(PhoneText text, RunSummary summary)
    {
        // Rejected rows have a section of their own. A recorded run has its data tests and no other warnings.
        var others = summary
            .Warnings.Where(w => w.Kind is not (RunWarningKind.RejectedRows or RunWarningKind.DataTest))
            .Select(w => w.Message);
        var tests = summary.Tests.Where(t => t.Violations > 0 && t.Severity == Severity.Warn).Select(t => t.ToString());
        var all = others.Concat(tests).ToList();
        if (all.Count > 0)
        {
            text.Part("Warnings");
            all.ForEach(w => text.Line($"! {w}", 2));
        }
    }

    private static void AddLocations(PhoneText text, RunSummary summary)
    {
        if (summary.ManifestUri is { } manifest)
        {
            text.Part("Exports").Whole(manifest[..manifest.LastIndexOf('/')]);
        }

        if (summary.ReportUri is { } report)
        {
            text.Part("Report").Whole(report);
        }

        if (summary.Cost is { } cost)
        {
            text.Part("Cost").Line(cost.ToString(), 2);
        }
    }

    private static string StatusText(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.TimedOut => "timed out",
            SummaryStatus.Cancelled => "was cancelled",
            SummaryStatus.ExportPending => "published, export pending",
            _ => "failed",
        };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Minute(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

    private static string Count(long rows) => rows.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length <= MaxExample ? text : $"{text[..(MaxExample - 3)]}...";

    /// <summary>One line for every mail system: printable ASCII, cut with three dots.</summary>
    public static string Ascii(string text)
    {
        var line = string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return line.Length <= MaxSubject ? line : $"{line[..(MaxSubject - 3)]}...";
    }
}
