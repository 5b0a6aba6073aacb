using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Looks at one thing that a run needs, the way a run would use it, and changes nothing.</summary>
public interface IHealthCheck
{
    /// <summary>What is looked at, in a word or two, as in <c>database</c>.</summary>
    string Name { get; }

    /// <summary>The check that must find no exception before this one makes sense; null for none.</summary>
    string? Needs => null;

    /// <summary>The code of a check that does not end in time.</summary>
    ErrorCode Cause { get; }

    /// <summary>Looks once.</summary>
    /// <param name="date">The business date, for locations that contain <c>{date}</c>.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="EtlException">What would stop a run: a exception.</exception>
    Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken);
}

/// <summary>What a check found.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">What was found, one line; no secret.</param>
/// <param name="NextStep">The mend, one line; null where nothing is to be done.</param>
/// <param name="Code">The cause of a exception; null for anything less.</param>
public sealed record HealthFinding(HealthLevel Level, string Message, string? NextStep = null, ErrorCode? Code = null)
{
    /// <summary>All is well.</summary>
    public static HealthFinding Good(string message) => new(HealthLevel.Good, message);

    /// <summary>A run would work; people should know all the same.</summary>
    public static HealthFinding Warning(string message, string nextStep) => new(HealthLevel.Warning, message, nextStep);

    /// <summary>A run would fail.</summary>
    public static HealthFinding Fault(EtlError error) =>
        new(HealthLevel.Fault, error.Message, error.NextStep, error.Code);

    /// <summary>It was not looked at, or cannot be told.</summary>
    public static HealthFinding Unknown(string message) => new(HealthLevel.Unknown, message);
}

/// <summary>How bad a finding is.</summary>
public enum HealthLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>A run would work.</summary>
    Warning,

    /// <summary>A run would fail.</summary>
    Fault,

    /// <summary>Not looked at, or not to be told.</summary>
    Unknown,
}
