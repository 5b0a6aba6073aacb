using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Etl.Application.Steps;

/// <summary>What every line of the log carries while a run is worked on.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">The step, or null between steps.</param>
public sealed record RunScope(RunId Run, Step? Step = null)
{
    /// <summary>The innermost of what a log stands in, or null outside of a run.</summary>
    /// <param name="scopes">What the log stands in.</param>
    public static RunScope? Of(IExternalScopeProvider scopes)
    {
        RunScope? innermost = null;
        scopes.ForEachScope((scope, _) => innermost = scope as RunScope ?? innermost, state: true);
        return innermost;
    }

    /// <inheritdoc/>
    public override string ToString() => Step is { } step ? $"{Run} {step}" : $"{Run}";
}
