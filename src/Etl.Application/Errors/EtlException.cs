namespace Etl.Application.Errors;

/// <summary>An error for people and programs.</summary>
/// <param name="Code">The cause.</param>
/// <param name="Message">What failed, on which object, and why: one line, no exception text, no secret.</param>
/// <param name="NextStep">What to do next: one line, with a command if there is one.</param>
/// <param name="Retryable">Whether the same command may succeed later by itself. A rerun is always safe.</param>
public sealed record EtlError(ErrorCode Code, string Message, string NextStep, bool Retryable = false)
{
    /// <summary>The five characters of PostgreSQL's SQLSTATE; null if the server reported no error.</summary>
    public string? SqlState { get; init; }

    /// <summary>The dataset whose file or table has the error; null for none.</summary>
    public string? Dataset { get; init; }

    /// <summary>Code, dataset and SQLSTATE, as in <c>reject_limit:orders</c>: repeated errors have the same cause.</summary>
    public string Cause => string.Join(':', new[] { Code.Text(), Dataset, SqlState }.OfType<string>());

    /// <summary>Several errors as one: all messages, and everything else of the first. Null for none.</summary>
    public static EtlError? Combine(IReadOnlyList<EtlError> errors) =>
        errors.Count == 0 ? null : errors[0] with { Message = string.Join(" ", errors.Select(e => e.Message)) };
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

/// <summary>Adds the dataset to errors of adapters, which know files and tables only.</summary>
internal static class DatasetErrors
{
    /// <summary>Runs an operation on a dataset; an error that names no dataset gets its name.</summary>
    public static async Task<T> OfDatasetAsync<T>(string dataset, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (EtlException exception) when (exception.Error.Dataset is null)
        {
            throw new EtlException(exception.Error with { Dataset = dataset }, exception);
        }
    }
}
