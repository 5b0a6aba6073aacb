using Etl.Domain.Runs;

namespace Etl.Application.Publish;

/// <summary>
/// Makes a run visible. One transaction attaches its staging partitions and detaches the previous ones, replaces the analytics
/// rows, and records the run as succeeded and a replaced one as superseded: readers see all of it or nothing.
/// </summary>
public interface IPublisher
{
    /// <summary>Publishes a run; repeated for a bounded time while readers hold the tables. Safe to call again.</summary>
    /// <returns>How long the transaction could block readers.</returns>
    /// <exception cref="Errors.EtlException">The lease is lost, a lock timed out, or the database reported an error.</exception>
    Task<TimeSpan> PublishAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Drops the tables of all but the last few published runs, and those of runs that ended unpublished.</summary>
    Task CleanUpAsync(CancellationToken cancellationToken);
}
