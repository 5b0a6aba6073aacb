using System.Globalization;
using System.Text;
using Etl.Application.Pipeline;
using Etl.Application.Ports;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>A run's message: a subject for a lock screen, a body for a phone.</summary>
internal static class MessageWriter
{
    private const int MaxSubject = 99;

    public static Message Write(RunId? run, RunSummary summary, RunHistory? lastEnded, RunHistory? before)
    {
        var outcome = OutcomeOf(summary, lastEnded);
        return new Message(
            run,
            BusinessDate.Parse(summary.BusinessDate),
            outcome,
            Subject(summary, outcome),
            Body(summary, outcome, before)
        );
    }

    private static Outcome OutcomeOf(RunSummary summary, RunHistory? lastEnded)
    {
        if (summary.Status != SummaryStatus.Succeeded)
        {
            return Outcome.Failure;
        }

        if (lastEnded?.Run.Status is RunStatus.Failed or RunStatus.TimedOut or RunStatus.Cancelled)
        {
            return Outcome.Recovered;
        }

        return summary.Sources.Any(s => s.Quarantined > 0) ? Outcome.SuccessWithRejects : Outcome.Success;
    }

    private static string Subject(RunSummary summary, Outcome outcome)
    {
        var words = outcome switch
        {
            Outcome.Success => $"succeeded, {Count(summary.Sources.Sum(s => s.Loaded))} rows",
            Outcome.SuccessWithRejects => $"succeeded, {Count(summary.Sources.Sum(s => s.Quarantined))} rows rejected",
            Outcome.Recovered => $"recovered, {Count(summary.Sources.Sum(s => s.Loaded))} rows",
            _ => $"{StatusWords(summary.Status)}: {summary.Error?.Message}",
        };
        return Ascii($"Etl {summary.BusinessDate} {words}");
    }

    private static string Body(RunSummary summary, Outcome outcome, RunHistory? before)
    {
        var body = new StringBuilder();
        Line(outcome == Outcome.Failure ? $"The run {StatusWords(summary.Status)}." : "The run succeeded.");
        Line($"Business date {summary.BusinessDate}, as of {summary.AsOf}");
        Line($"Run {summary.RunId ?? "not begun"}");
        if (summary.BaseRunId is { } replayed)
        {
            Line($"Mended rows joined those of run {replayed}.");
        }

        if (summary.Error is { } error)
        {
            Line("");
            Line($"What: {error.Message}");
            Line($"Next: {error.NextStep}");
            Line("A rerun is safe.");
        }

        AppendSources();
        if (summary.Warnings.Count > 0)
        {
            Line("");
            summary.Warnings.ToList().ForEach(w => Line($"! {w}"));
        }

        if (summary.ManifestUri is { } manifest)
        {
            Line("");
            Line($"Export: {manifest}");
        }

        return body.ToString();

        void Line(string text) => body.Append(text).Append('\n');

        void AppendSources()
        {
            if (summary.Sources.Count == 0)
            {
                return;
            }

            Line("");
            foreach (var source in summary.Sources.GroupBy(s => s.Dataset))
            {
                var (loaded, quarantined) = (source.Sum(s => s.Loaded), source.Sum(s => s.Quarantined));
                var change = before?.BooksOf(source.Key) is { } last
                    ? $" ({loaded - last.Loaded:+#,0;-#,0;+0} since {before.Run.RunId})"
                    : "";
                Line($"{source.Key}: {Count(loaded)} rows{change}");
                if (quarantined > 0)
                {
                    Line($"  rejected: {Count(quarantined)} of {Count(source.Sum(s => s.Read))}");
                }
            }
        }
    }

    private static string StatusWords(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.TimedOut => "timed out",
            SummaryStatus.Cancelled => "was cancelled",
            _ => "failed",
        };

    private static string Count(long rows) => rows.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>One line that every mail system takes: printable ASCII, cut with three points.</summary>
    private static string Ascii(string text)
    {
        var line = string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return line.Length <= MaxSubject ? line : $"{line[..(MaxSubject - 3)]}...";
    }
}
