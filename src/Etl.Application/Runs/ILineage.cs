using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>Reports what a run reads and writes to a data catalog. It never throws: a catalog that is down fails no run.</summary>
public interface ILineage
{
    /// <summary>A host starts to work on a run.</summary>
    Task StartedAsync(Run run, CancellationToken cancellationToken);

    /// <summary>The work ended, with or without success.</summary>
    Task EndedAsync(Run run, RunSummary summary, CancellationToken cancellationToken);
}
