using Etl.Application.Errors;
using Etl.Hosts.Lambda.Logs;

namespace Etl.Hosts.Lambda.Errors;

/// <summary>Writes the one line about a failed invocation, and creates the exception that fails it.</summary>
internal sealed class FailureReport(FunctionLog log)
{
    /// <param name="error">The error.</param>
    /// <param name="exception">The exception of an internal error, whose stack is written; null for other errors.</param>
    public InvocationException Of(EtlError error, Exception? exception = null)
    {
        var message = $"{error.Message} Next: {error.NextStep}";
        log.WriteFailure(error, message, runId: null, exception);
        return new InvocationException(error.Code, message);
    }

    /// <param name="exception">What was thrown; only the type of an unexpected exception is shown.</param>
    /// <param name="place">Where it was thrown, as in <c>the relay</c>.</param>
    public InvocationException Of(Exception exception, string place) =>
        exception switch
        {
            EtlException known => Of(known.Error),
            OperationCanceledException => Of(
                new EtlError(
                    ErrorCode.Cancelled,
                    $"The function was stopped in {place}.",
                    "Nothing for an event of AWS, which is delivered again; repeat another."
                )
            ),
            _ => Of(
                new EtlError(
                    ErrorCode.Internal,
                    $"Unexpected error in {place}: {exception.GetType().Name}.",
                    "Report the log entry with its stack trace."
                ),
                exception
            ),
        };
}
