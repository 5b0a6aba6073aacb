using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Receives the progress of a run, to show it on a terminal or write it to a log.</summary>
public interface IRunObserver : IProgress<LoadProgress>
{
    /// <summary>A step starts.</summary>
    void StepStarted(RunId run, Step step);

    /// <summary>A step succeeded.</summary>
    void StepEnded(RunId run, Step step, TimeSpan duration, string detail);

    /// <summary>A condition that does not stop the run.</summary>
    void Warned(RunId run, string warning);

    /// <summary>
    /// The same, for a warning that is also in the run's summary: a host that prints the summary need not show it twice.
    /// </summary>
    void SummaryWarned(RunId run, string warning) => Warned(run, warning);

    /// <summary>A message was sent.</summary>
    void Notified(Message message);
}

/// <summary>The message of a run.</summary>
/// <param name="RunId">The run; null if no run could be started.</param>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="Outcome">The outcome that it reports.</param>
/// <param name="Subject">ASCII, at most 99 characters, one line.</param>
/// <param name="Body">Plain text with LF, wrapped for a phone.</param>
public sealed record Message(RunId? RunId, BusinessDate BusinessDate, Outcome Outcome, string Subject, string Body);
