using Etl.Domain.Runs;

namespace Etl.Application.Publish;

/// <summary>
/// Lets readers see an earlier published run again, as if the runs after it had not been published: its load, and the
/// analytics rows that it and the runs before it computed.
/// </summary>
public interface IRollback
{
    /// <summary>What a rollback would take back. Writes nothing.</summary>
    /// <exception cref="Errors.EtlException">The run was not published, or its tables are not kept any more.</exception>
    Task<RollbackPlan> PlanAsync(RunId to, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the rows of the earlier run as those of the run of the rollback, which takes over its tables, files, data
    /// tests and quarantine, and records the runs after it as rolled back: one transaction. Safe to call again.
    /// </summary>
    /// <exception cref="Errors.EtlException">As of the plan; or the lease is lost, or the database reported an error.</exception>
    Task<RollbackPlan> RollBackAsync(RunId run, RunId to, CancellationToken cancellationToken);
}

/// <summary>What a rollback takes back.</summary>
/// <param name="To">The run whose rows readers shall see again.</param>
/// <param name="AsOf">The day that its ages are counted to.</param>
/// <param name="Undone">The runs after it, in the order of their publish.</param>
/// <param name="Restored">The run that shows these rows already, so that nothing is left to do; otherwise null.</param>
public sealed record RollbackPlan(RunId To, DateOnly AsOf, IReadOnlyList<RunId> Undone, RunId? Restored);
