using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>Helps a run of another process: loads parts of its datasets.</summary>
public interface IPartLoader
{
    /// <summary>
    /// Claims parts, one after another, and loads them, until every part is loaded, the run has ended or its lease was not
    /// renewed. Waits for parts that are not offered yet. A run that has ended before has no parts to load, which is no error. A
    /// process that dies leaves nothing of its part; another loader takes the part over.
    /// </summary>
    /// <param name="run">The run; null for the one in progress.</param>
    /// <param name="progress">Receives the progress of each part; may be null.</param>
    /// <param name="cancellationToken">Stops the load; the part that is being loaded is left to others.</param>
    /// <returns>What was loaded.</returns>
    /// <exception cref="EtlException">
    /// No run is in progress, the named one does not exist, or the database failed.
    /// </exception>
    Task<LoadedParts> HelpAsync(RunId? run, IProgress<LoadProgress>? progress, CancellationToken cancellationToken);
}

/// <summary>What a loader did for a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Files">The parts that were loaded, in the order in which they were claimed.</param>
/// <param name="Left">Parts that could not be read, with the error; they were left to the run, which reports them.</param>
public sealed record LoadedParts(RunId Run, IReadOnlyList<StagedFile> Files, IReadOnlyList<EtlError> Left);
