using Etl.Domain.Runs;

namespace Etl.Application.Pipeline;

/// <summary>What a host asks of the pipeline.</summary>
/// <param name="BusinessDate">The day to run.</param>
/// <param name="AsOf">The day that ages are counted to; null for the business date.</param>
/// <param name="Trigger">What asks.</param>
/// <param name="Force">Whether to replace a succeeded run of the day.</param>
public sealed record RunRequest(
    BusinessDate BusinessDate,
    DateOnly? AsOf = null,
    Trigger Trigger = Trigger.Manual,
    bool Force = false
);
