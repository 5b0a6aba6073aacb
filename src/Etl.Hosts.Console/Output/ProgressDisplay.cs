using System.Globalization;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>Shows on stderr the progress of a run, and of what this host does before it.</summary>
internal abstract class ProgressDisplay(TimeProvider clock) : IRunObserver, IProgress<string>, IDisposable
{
    protected const int NameWidth = 9;
    protected const int TimeWidth = 7;

    private (string Missing, int Minutes) waiting;

    protected TimeProvider Clock => clock;

    /// <summary>Live on a terminal; plain lines elsewhere, and where log lines would disturb the drawing.</summary>
    public static ProgressDisplay Create(Terminal terminal, bool verbose) =>
        terminal is { ErrorIsTerminal: true, Quiet: false } && !verbose
            ? new LiveProgress(terminal, TimeProvider.System)
            : new PlainProgress(terminal, TimeProvider.System);

    /// <summary>Shows an activity of this host, as a step of a run is shown.</summary>
    public async Task<T> ShowAsync<T>(string activity, Func<Task<T>> work, Func<T, string> describe)
    {
        var start = clock.GetTimestamp();
        Start("", activity);
        var result = await work();
        Finish("", activity, clock.GetElapsedTime(start), describe(result));
        return result;
    }

    public void StepStarted(RunId run, Step step) => Start($"{run} ", NameOf(step));

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail) =>
        Finish($"{run} ", NameOf(step), duration, detail);

    /// <summary>Removes what is drawn, so that the next output starts on a line of its own.</summary>
    public virtual void End() { }

    public void Dispose() => End();

    /// <summary>Not shown: the summary contains the warning.</summary>
    public void SummaryWarned(RunId run, string warning) { }

    /// <summary>Shown when something else is missing than before, and once a minute.</summary>
    public void Waiting(BusinessDate date, string missing, TimeSpan remaining)
    {
        var shown = (missing, (int)remaining.TotalMinutes);
        if (shown != waiting)
        {
            Report($"Waiting for the delivery of {date}, {remaining:hh':'mm':'ss} left. {missing}");
        }

        waiting = shown;
    }

    public abstract void Warned(RunId? run, string warning);

    public void Notified(Message message, IReadOnlyList<string> by) =>
        ShowMessage(by.Count == 1 ? message.Subject : $"{message.Subject} (sent by {string.Join(", ", by)})");

    public abstract void Report(LoadProgress value);

    /// <summary>A line about the activity that is shown.</summary>
    public abstract void Report(string value);

    protected abstract void ShowMessage(string text);

    protected abstract void Start(string run, string activity);

    protected abstract void Finish(string run, string activity, TimeSpan duration, string detail);

    protected static string Seconds(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s");

    private static string NameOf(Step step) => step.ToString().ToLowerInvariant();
}

/// <summary>Progress in plain lines: for a pipe, a file or a log.</summary>
internal sealed class PlainProgress(Terminal terminal, TimeProvider clock) : ProgressDisplay(clock)
{
    public override void Warned(RunId? run, string warning) =>
        terminal.Note(run is null ? $"warning: {warning}" : $"{run} warning: {warning}");

    public override void Report(LoadProgress value) { }

    public override void Report(string value) => terminal.Note(value);

    protected override void ShowMessage(string text) => terminal.Note($"message: {text}");

    protected override void Start(string run, string activity) => terminal.Note($"{run}{activity} ...");

    protected override void Finish(string run, string activity, TimeSpan duration, string detail) =>
        terminal.Note($"{run}{activity, -NameWidth} {Seconds(duration), TimeWidth}  {detail}");
}
