using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>A request to run a day.</summary>
/// <param name="BusinessDate">The day to run.</param>
/// <param name="AsOf">The day that ages are counted to; null for the business date.</param>
/// <param name="Trigger">What starts the run.</param>
/// <param name="Force">Whether to replace a succeeded run of the day.</param>
/// <param name="Deadline">When the platform ends the host, or null. The run stops a margin before.</param>
/// <param name="Replay">Corrected rows to add to a published run; null for other runs. See <see cref="Replays"/>.</param>
public sealed record RunRequest(
    BusinessDate BusinessDate,
    DateOnly? AsOf = null,
    Trigger Trigger = Trigger.Manual,
    bool Force = false,
    DateTimeOffset? Deadline = null,
    ReplayRequest? Replay = null
)
{
    /// <summary>The datasets that may have fewer rows than on the previous business date, for this run only.</summary>
    public IReadOnlyList<string> AcceptShrunk { get; init; } = [];

    /// <summary>The published run whose rows readers shall see again; null for other runs. No file is read.</summary>
    public RunId? RollbackTo { get; init; }

    /// <summary>The trace of the invocation, as W3C's <c>traceparent</c>; null to start one.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The run that it builds on; null for a run of the day's files.</summary>
    internal RunId? BaseRun => Replay?.BaseRun ?? RollbackTo;

    /// <summary>Whether a published run that lacks its export or its message is the requested run.</summary>
    internal bool IsFinishedBy(Run published) => published.BusinessDate == BusinessDate.Value && !Force;
}

/// <summary>Corrected rows to add to a published run.</summary>
/// <param name="BaseRun">The published run.</param>
/// <param name="Corrected">The locations of the corrected files, by dataset.</param>
public sealed record ReplayRequest(RunId BaseRun, IReadOnlyDictionary<string, IReadOnlyList<string>> Corrected);
