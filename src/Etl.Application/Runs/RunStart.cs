using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>A request for a lease on a run.</summary>
/// <param name="BusinessDate">The day to run.</param>
/// <param name="AsOf">The day that ages are counted to.</param>
/// <param name="Trigger">What starts the run.</param>
/// <param name="Force">Whether to replace a succeeded run of the day.</param>
/// <param name="FinishOthers">
/// Whether published runs of other days that lack their export come first; false after that has failed, so that a lake that
/// is down does not keep other days from their readers.
/// </param>
/// <param name="BaseRun">The run that a replay is based on, or a rollback restores; null for other runs.</param>
public sealed record RunStartRequest(
    BusinessDate BusinessDate,
    DateOnly AsOf,
    Trigger Trigger,
    bool Force,
    bool FinishOthers = true,
    RunId? BaseRun = null
)
{
    /// <summary>The datasets that may have fewer rows than on the previous business date.</summary>
    public IReadOnlyList<string> AcceptShrunk { get; init; } = [];

    /// <summary>The files to run although the day is published, at most once; null for none.</summary>
    public Redelivery? Redelivery { get; init; }

    /// <summary>The lake that the host exports to, or null; a run that was published for another lake is not exported.</summary>
    public string? LakeUri { get; init; }

    /// <summary>The request for a run that a host requests.</summary>
    public static RunStartRequest Of(RunRequest request, string? lakeUri) =>
        new(
            request.BusinessDate,
            request.AsOf ?? request.BusinessDate.Value,
            request.Trigger,
            request.Force,
            BaseRun: request.BaseRun
        )
        {
            AcceptShrunk = request.AcceptShrunk,
            LakeUri = lakeUri,
        };
}

/// <summary>The ledger's answer.</summary>
/// <param name="Decision">Whether the caller holds a lease, and for which work.</param>
/// <param name="Run">The run that is leased, or that prevents a lease.</param>
public sealed record RunStart(RunDecision Decision, Run Run);

/// <summary>The ledger's decision.</summary>
public enum RunDecision
{
    /// <summary>A lease on a new run: do every step.</summary>
    Begin,

    /// <summary>A lease on an unpublished run that was abandoned: do every step.</summary>
    TakeOver,

    /// <summary>A lease on a published run, perhaps of another business date: export and notify only, then request a lease again.</summary>
    FinishExport,

    /// <summary>The day has its succeeded run, exported and notified: do nothing.</summary>
    AlreadyDone,

    /// <summary>The day has its published run, whose export belongs to another lake: do nothing.</summary>
    OtherLake,

    /// <summary>Another host holds a lease: do nothing.</summary>
    InProgress,
}
