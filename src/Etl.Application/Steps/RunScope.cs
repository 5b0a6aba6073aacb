using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Etl.Application.Steps;

/// <summary>The run and the step that a log line belongs to.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">The step, or null between steps.</param>
public sealed record RunScope(RunId Run, Step? Step = null)
{
    /// <summary>The innermost scope of a log, or null outside a run.</summary>
    /// <param name="scopes">The scopes of the log.</param>
    public static RunScope? Of(IExternalScopeProvider scopes)
    {
        RunScope? innermost = null;
        scopes.ForEachScope((scope, _) => innermost = scope as RunScope ?? innermost, state: true);
        return innermost;
    }

    /// <inheritdoc/>
    public override string ToString() => Step is { } step ? $"{Run} {step}" : $"{Run}";
}
