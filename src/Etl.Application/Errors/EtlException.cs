namespace Etl.Application.Errors;

/// <summary>An error for people and programs.</summary>
/// <param name="Code">The cause.</param>
/// <param name="Message">What failed, on which object, and why: one line, no exception text, no secret.</param>
/// <param name="NextStep">What to do next: one line, with a command if there is one.</param>
/// <param name="Retryable">Whether the same command may succeed later by itself. A rerun is always safe.</param>
public sealed record EtlError(ErrorCode Code, string Message, string NextStep, bool Retryable = false)
{
    /// <summary>The dataset that it is about, or null.</summary>
    public string? Dataset { get; init; }

    /// <summary>PostgreSQL's SQLSTATE, or null.</summary>
    public string? SqlState { get; init; }

    /// <summary>Code, dataset and SQLSTATE, as in <c>reject_limit:orders</c>: repeated errors have the same cause.</summary>
    public string Cause => string.Join(':', new[] { Code.Text(), Dataset, SqlState }.OfType<string>());
}

/// <summary>An error that ends a step. Adapters create it from the driver's own classification.</summary>
public sealed class EtlException : Exception
{
    /// <summary>The exception of an error.</summary>
    public EtlException(EtlError error, Exception? cause = null)
        : base(error.Message, cause) => Error = error;

    /// <summary>The exception of an error given by its parts.</summary>
    public EtlException(
        ErrorCode code,
        string message,
        string nextStep,
        bool retryable = false,
        Exception? cause = null
    )
        : this(new EtlError(code, message, nextStep, retryable), cause) { }

    /// <summary>The error.</summary>
    public EtlError Error { get; }
}
