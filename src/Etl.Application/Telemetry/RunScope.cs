using Etl.Domain.Runs;

namespace Etl.Application.Telemetry;

/// <summary>What every line of the log carries while a run is worked on.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">The step, or null between steps.</param>
public sealed record RunScope(RunId Run, Step? Step = null)
{
    /// <inheritdoc/>
    public override string ToString() => Step is { } step ? $"{Run} {step}" : $"{Run}";
}
