using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>What a host asks of the pipeline.</summary>
/// <param name="BusinessDate">The day to run.</param>
/// <param name="AsOf">The day that ages are counted to; null for the business date.</param>
/// <param name="Trigger">What asks.</param>
/// <param name="Force">Whether to replace a succeeded run of the day.</param>
/// <param name="Deadline">When the platform ends the host; null where nothing does. The run stops a margin before.</param>
/// <param name="Replay">Corrected rows that are to join a published run; null for any other run. See <see cref="Replays"/>.</param>
public sealed record RunRequest(
    BusinessDate BusinessDate,
    DateOnly? AsOf = null,
    Trigger Trigger = Trigger.Manual,
    bool Force = false,
    DateTimeOffset? Deadline = null,
    ReplayRequest? Replay = null
)
{
    /// <summary>The trace that the invocation belongs to, as W3C's <c>traceparent</c>; null where it begins one.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>Corrected rows that are to join a published run.</summary>
/// <param name="BaseRun">The published run.</param>
/// <param name="Corrected">The location of a corrected file, by dataset.</param>
public sealed record ReplayRequest(RunId BaseRun, IReadOnlyDictionary<string, string> Corrected);
