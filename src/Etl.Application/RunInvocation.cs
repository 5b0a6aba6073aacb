using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Steps;
using MediatR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Application;

/// <summary>
/// Surrounds one call of the pipeline: its time limit, its span and metrics, its usage, and the message about an error before
/// any run was leased.
/// </summary>
internal sealed class RunInvocation(
    IMediator mediator,
    UsageMeter meter,
    IOptions<RunOptions> options,
    ILogger<RunInvocation> log,
    TimeProvider clock
)
{
    public async Task<RunSummary> DoAsync(
        RunRequest request,
        Func<TimeLimit, Task<RunSummary>> work,
        CancellationToken cancellationToken
    )
    {
        using var span = Signals.StartRun(request);
        using var limit = new TimeLimit(request.Deadline, options.Value, clock, cancellationToken);
        var summary = await TryAsync(request, work, limit);
        Signals.EndRun(span, summary, clock.GetUtcNow());
        return summary;
    }

    private async Task<RunSummary> TryAsync(RunRequest request, Func<TimeLimit, Task<RunSummary>> work, TimeLimit limit)
    {
        try
        {
            return await meter.RecordAsync(await work(limit), limit);
        }
        catch (Exception exception)
        {
            log.RunException(exception);
            var error = ErrorClassifier.Explain(exception, leaseLost: false, limit);
            var summary = RunSummary.OfError(request, ErrorClassifier.StatusOf(error), error);
            summary = summary.With(await NotifyAsync(summary, limit));
            return summary.CausedBy(exception) with { Duration = limit.Elapsed };
        }
    }

    /// <summary>
    /// Through the ledger, which counts repeated errors, or else without it. A mistake in the request concerns only who made it,
    /// and the answer says it.
    /// </summary>
    /// <returns>A warning for each message that was not sent.</returns>
    private async Task<IReadOnlyList<RunWarning>> NotifyAsync(RunSummary summary, TimeLimit limit)
    {
        if (summary.Error?.Code == ErrorCode.Usage)
        {
            return [];
        }

        if (summary.Error?.Code != ErrorCode.DatabaseUnreachable)
        {
            using var shutdown = limit.ShutdownToken();
            try
            {
                return (await mediator.Send(NotifyCommand.OfStart(summary), shutdown.Token)).Warnings;
            }
            catch (Exception exception)
            {
                log.RunException(exception);
            }
        }

        return await mediator.NotifyDirectlyAsync(summary, limit);
    }
}

/// <summary>The last attempt to send a message, which must not replace the error that it is about.</summary>
internal static class DirectNotification
{
    /// <returns>A warning if the message was not sent.</returns>
    public static async Task<IReadOnlyList<RunWarning>> NotifyDirectlyAsync(
        this IMediator mediator,
        RunSummary summary,
        TimeLimit limit
    )
    {
        using var shutdown = limit.ShutdownToken();
        try
        {
            return (await mediator.Send(NotifyCommand.Direct(summary), shutdown.Token)).Warnings;
        }
        catch (Exception exception) when (exception is EtlException or OperationCanceledException)
        {
            // The exit code and the summary report the error.
            return [new RunWarning(RunWarningKind.Message, "The message was not sent.")];
        }
    }
}
