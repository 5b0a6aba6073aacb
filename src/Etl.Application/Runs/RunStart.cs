using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>What is asked of the ledger.</summary>
/// <param name="BusinessDate">The day to run.</param>
/// <param name="AsOf">The day that ages are counted to.</param>
/// <param name="Trigger">What asks.</param>
/// <param name="Force">Whether to replace a succeeded run of the day.</param>
/// <param name="FinishOthers">
/// Whether published runs of other days that lack their export come first; false once that was tried in vain, so that a
/// lake that is down keeps no day from its readers.
/// </param>
/// <param name="BaseRun">The run that a replay builds on; null for any other.</param>
public sealed record RunStartRequest(
    BusinessDate BusinessDate,
    DateOnly AsOf,
    Trigger Trigger,
    bool Force,
    bool FinishOthers = true,
    RunId? BaseRun = null
);

/// <summary>What the ledger answers.</summary>
/// <param name="Decision">Whether the caller holds a lease, and on what.</param>
/// <param name="Run">The run that was leased, or that stands in the way.</param>
public sealed record RunStart(RunDecision Decision, Run Run);

/// <summary>The ledger's decision.</summary>
public enum RunDecision
{
    /// <summary>A lease on a new run: do every step.</summary>
    Begin,

    /// <summary>A lease on a run whose host died before the publish: do every step.</summary>
    TakeOver,

    /// <summary>A lease on a published run, perhaps of another business date: export and notify only, then ask again.</summary>
    FinishExport,

    /// <summary>The day has its succeeded run, exported and told: do nothing.</summary>
    AlreadyDone,

    /// <summary>Another host holds a lease: do nothing.</summary>
    InProgress,
}
