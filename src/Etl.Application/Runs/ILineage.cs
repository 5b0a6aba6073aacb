using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Tells a catalogue what a run reads and writes. It never fails: a catalogue that is down spoils no run.</summary>
public interface ILineage
{
    /// <summary>A host begins to work on a run.</summary>
    Task StartedAsync(Run run, CancellationToken cancellationToken);

    /// <summary>The work ended, in whatever way.</summary>
    Task EndedAsync(Run run, RunSummary summary, CancellationToken cancellationToken);
}
