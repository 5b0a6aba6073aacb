using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Sees a run go on, for whoever shows it: a terminal, a log, nobody.</summary>
public interface IRunObserver : IProgress<LoadProgress>
{
    /// <summary>A step begins.</summary>
    void StepStarted(RunId run, Step step);

    /// <summary>A step ended.</summary>
    void StepEnded(RunId run, Step step, TimeSpan duration, string detail);

    /// <summary>Something that people should know and that does not stop the run.</summary>
    void Warned(RunId run, string warning);

    /// <summary>
    /// The same, and the run's summary will say it too: a host that prints the summary has no need to show it twice.
    /// </summary>
    void Remarked(RunId run, string warning) => Warned(run, warning);

    /// <summary>A message went out.</summary>
    void Notified(Message message);
}
