using Etl.Application.Errors;
using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Etl.Application.Runs;

/// <summary>What a exception is called, once it has left a step.</summary>
internal static partial class ErrorClassifier
{
    /// <summary>The only place where a exception is logged with its trace; people see what <see cref="Explain"/> makes of it.</summary>
    [LoggerMessage(50, LogLevel.Debug, "What was thrown:")]
    public static partial void Log(ILogger log, Exception exception);

    public static EtlError Explain(Exception exception, bool leaseLost, TimeLimit limit)
    {
        if (leaseLost)
        {
            return new EtlError(
                ErrorCode.LeaseLost,
                "The run was taken over by another host while this one could not reach the ledger.",
                "Nothing to do here; see `etl runs` for the other host's run."
            );
        }

        if (limit.IsReached)
        {
            return new EtlError(
                ErrorCode.Deadline,
                "The run stopped by itself, as its host's time limit came near.",
                "Raise the limit, or run where there is none; a rerun goes on from what was published.",
                Retryable: true
            );
        }

        if (limit.IsAsked)
        {
            return new EtlError(
                ErrorCode.Cancelled,
                "The run was asked to stop, and did.",
                "Run it again: what was not published was rolled back, and what was is only exported.",
                Retryable: true
            );
        }

        return exception is EtlException known
            ? known.Error
            : new EtlError(
                ErrorCode.Internal,
                $"The program itself failed ({exception.GetType().Name}).",
                "Run again with --verbose for the details, and report them; a rerun is safe."
            );
    }

    public static SummaryStatus StatusOf(EtlError error) =>
        error.Code switch
        {
            ErrorCode.Deadline => SummaryStatus.TimedOut,
            ErrorCode.Cancelled => SummaryStatus.Cancelled,
            _ => SummaryStatus.Failed,
        };

    public static RunStatus RunStatusOf(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.TimedOut => RunStatus.TimedOut,
            SummaryStatus.Cancelled => RunStatus.Cancelled,
            _ => RunStatus.Failed,
        };
}
