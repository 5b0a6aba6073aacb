using Etl.Domain.Runs;

namespace Etl.Application.Publish;

/// <summary>
/// Makes a run visible. One transaction attaches its staging partitions and detaches the ones before, replaces its
/// analytics rows, marks its ledger row as succeeded and a replaced one as superseded: readers see all of it or nothing.
/// </summary>
public interface IPublisher
{
    /// <summary>Publishes a run; tried again, for a bounded time, where readers hold the tables.</summary>
    /// <returns>How long readers could have waited.</returns>
    /// <exception cref="Errors.EtlException">The lease was lost, a lock was not had in time, or the database refused.</exception>
    Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The run whose rows readers see in <c>staging</c>; null before the first.</summary>
    Task<RunId?> FindPublishedAsync(CancellationToken cancellationToken);

    /// <summary>Drops the tables of all but the last few published runs, and those of runs that ended unpublished.</summary>
    Task CleanUpAsync(CancellationToken cancellationToken);
}
