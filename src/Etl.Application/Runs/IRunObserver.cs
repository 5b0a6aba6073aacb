using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Receives the progress of a run, to show it on a terminal or write it to a log.</summary>
public interface IRunObserver : IProgress<LoadProgress>
{
    /// <summary>A step starts.</summary>
    void StepStarted(RunId run, Step step);

    /// <summary>A step succeeded.</summary>
    void StepEnded(RunId run, Step step, TimeSpan duration, string detail);

    /// <summary>A condition that does not stop the run, or the start if there is no run yet.</summary>
    void Warned(RunId? run, string warning);

    /// <summary>
    /// The same, for a warning that is also in the run's summary: a host that prints the summary need not show it twice.
    /// </summary>
    void SummaryWarned(RunId run, string warning) => Warned(run, warning);

    /// <summary>A start waits for a complete delivery; called after each look at the source.</summary>
    /// <param name="date">The business date.</param>
    /// <param name="missing">What the delivery lacks, in one line.</param>
    /// <param name="remaining">The time until the start gives up.</param>
    void Waiting(BusinessDate date, string missing, TimeSpan remaining);

    /// <summary>A message was sent; called once, whatever the number of notifiers.</summary>
    /// <param name="message">The message.</param>
    /// <param name="by">The names of the notifiers that sent it now; at least one.</param>
    void Notified(Message message, IReadOnlyList<string> by);
}

/// <summary>The message of a run, or of a start that found no files.</summary>
/// <param name="RunId">The run; null if no run was started.</param>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="Outcome">The outcome that it reports.</param>
/// <param name="Subject">ASCII, at most 99 characters, one line.</param>
/// <param name="Body">Plain text with LF, wrapped for a phone.</param>
public sealed record Message(RunId? RunId, BusinessDate BusinessDate, Outcome Outcome, string Subject, string Body)
{
    /// <summary>Identifies the message in the outbox, which stores one with the same key once; null until it is stored.</summary>
    public string? Key { get; init; } = RunId is { } run ? $"{run}/{Outcome}" : null;

    /// <summary>Of a failure, the cause by which repeated failures of a business date are recognized; otherwise null.</summary>
    public string? Cause { get; init; }
}
