using Etl.Domain.Runs;

namespace Etl.Application.Publish;

/// <summary>
/// Makes a run visible. Its tables are attached first; one transaction then points the views of staging to them, replaces the
/// analytics rows, and records the run as succeeded and a replaced one as superseded: readers see all of it or nothing, and
/// neither wait for it nor delay it.
/// </summary>
public interface IPublisher
{
    /// <summary>Publishes a run. Safe to call again.</summary>
    /// <returns>The duration of the transaction; zero if the run was published already.</returns>
    /// <exception cref="Errors.EtlException">The lease is lost, a lock timed out, or the database reported an error.</exception>
    Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>
    /// Detaches what no reader can see any more, and drops the tables of all but the last few published runs, and those of runs
    /// that ended unpublished. What a session still reads is left for the next call.
    /// </summary>
    Task CleanUpAsync(CancellationToken cancellationToken);
}
