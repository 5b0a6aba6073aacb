using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Checks one requirement of a run, in the way that a run uses it. What a trial writes, it removes.</summary>
public interface IHealthCheck
{
    /// <summary>The requirement in one or two words, such as <c>database</c>.</summary>
    string Name { get; }

    /// <summary>The check that must succeed before this one; null for none.</summary>
    string? Needs => null;

    /// <summary>The first depth that includes this check.</summary>
    CheckDepth Depth => CheckDepth.ReadOnly;

    /// <summary>The error code of a check that times out.</summary>
    ErrorCode Cause { get; }

    /// <summary>Checks once.</summary>
    /// <param name="date">The business date, for locations that contain <c>{date}</c>.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="EtlException">The error that a run would end with.</exception>
    Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken);
}

/// <summary>The result of a check.</summary>
/// <param name="Level">The level.</param>
/// <param name="Message">The result in one line, without secrets.</param>
/// <param name="NextStep">What to do, in one line; null for nothing.</param>
/// <param name="Code">The cause of an error; null for other levels.</param>
public sealed record HealthCheckResult(
    HealthLevel Level,
    string Message,
    string? NextStep = null,
    ErrorCode? Code = null
)
{
    /// <summary>The name of the check; the runner sets it.</summary>
    public string Check { get; init; } = "";

    /// <summary>The requirement is met.</summary>
    public static HealthCheckResult Ok(string message) => new(HealthLevel.Ok, message);

    /// <summary>A run would succeed, with a condition that people must know.</summary>
    public static HealthCheckResult Warning(string message, string nextStep) =>
        new(HealthLevel.Warning, message, nextStep);

    /// <summary>A run would fail.</summary>
    public static HealthCheckResult Error(EtlError error) =>
        new(HealthLevel.Error, error.Message, error.NextStep, error.Code);

    /// <summary>The requirement was not checked, or cannot be checked.</summary>
    public static HealthCheckResult NotChecked(string message) => new(HealthLevel.NotChecked, message);
}

/// <summary>The level of a check's result.</summary>
public enum HealthLevel
{
    /// <summary>The requirement is met.</summary>
    Ok,

    /// <summary>A run would succeed.</summary>
    Warning,

    /// <summary>A run would fail.</summary>
    Error,

    /// <summary>Not checked, or not possible to check.</summary>
    NotChecked,
}
