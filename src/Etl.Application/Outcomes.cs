using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application;

/// <summary>How an invocation ends: the summary of each ending, and what is recorded and told of it.</summary>
internal sealed class Outcomes(
    IRunLease lease,
    IRunHistory history,
    INotifier notifier,
    Outbox outbox,
    Reporting reporting,
    IRunObserver observer,
    RetryPolicy retrying,
    UsageMeter meter
)
{
    public async Task<RunSummary> SucceededAsync(
        Run run,
        IReadOnlyList<string> warnings,
        CancellationToken cancellationToken
    )
    {
        var summary = RunSummary.Of(await HistoryAsync(run, cancellationToken), warnings);
        return await reporting.AddAsync(run.Id, summary, cancellationToken);
    }

    public async Task<RunSummary> AlreadyDoneAsync(Run run, CancellationToken cancellationToken)
    {
        var sent = await outbox.SendAsync(cancellationToken);
        var done = RunSummary.Of(await HistoryAsync(run, cancellationToken), sent.Warnings);
        return done with { Status = SummaryStatus.AlreadyDone };
    }

    public static RunSummary InProgress(RunRequest request, Run run) =>
        Empty(request, run.RunId, SummaryStatus.InProgress, RunErrors.InProgress(run));

    public static RunSummary OfFault(RunRequest request, Exception exception, TimeLimit limit)
    {
        var error = ErrorClassifier.Explain(exception, leaseLost: false, limit);
        return Empty(request, runId: null, ErrorClassifier.StatusOf(error), error);
    }

    /// <summary>Records and tells a leased run's exception; nothing in here may hide the exception itself.</summary>
    public async Task<RunSummary> FailAsync(
        Run run,
        Exception exception,
        bool leaseLost,
        IReadOnlyList<string> warnings,
        IMediator mediator,
        IStagingLoader loader,
        TimeLimit limit
    )
    {
        var error = ErrorClassifier.Explain(exception, leaseLost, limit);
        var status = ErrorClassifier.StatusOf(error);
        var request = new RunRequest(run.Id.BusinessDate, run.AsOf, run.Trigger, run.Forced);
        var summary = Empty(request, run.RunId, status, error) with { Warnings = warnings, Forced = run.Forced };
        if (leaseLost)
        {
            return summary;
        }

        using var shutdown = limit.ShutdownToken();
        try
        {
            await retrying.DoAsync(
                run.Id,
                () => lease.FailAsync(run.Id, ErrorClassifier.RunStatusOf(status), error, shutdown.Token),
                shutdown.Token
            );
            var recorded = await HistoryAsync(run, shutdown.Token);
            if (recorded.Run.Status != RunStatus.Succeeded)
            {
                await loader.DropAsync(run.Id, shutdown.Token);
            }

            summary = meter.Measured(
                RunSummary.Of(recorded, warnings) with
                {
                    Status = status,
                    Error = error,
                    Interruption = null,
                },
                limit
            );
            summary = await reporting.AddAsync(run.Id, summary, shutdown.Token);
            var told = await mediator.Send(new NotifyCommand(run.Id, run.Attempts, summary), shutdown.Token);
            summary = summary with { Warnings = [.. summary.Warnings, .. told.Warnings] };
        }
        catch (Exception)
        {
            observer.Warned(
                run.Id,
                "The failure could not be recorded in the ledger; the next start takes the run over."
            );
            await NotifyDirectlyAsync(summary, limit);
        }

        return summary;
    }

    /// <summary>Without a ledger there is no outbox: one try, and the exit code has told it anyway.</summary>
    public async Task NotifyDirectlyAsync(RunSummary summary, TimeLimit limit)
    {
        using var shutdown = limit.ShutdownToken();
        try
        {
            var message = MessageWriter.Write(new MessageFacts(Run: null, summary));
            await notifier.SendAsync(message, shutdown.Token);
            observer.Notified(message);
        }
        catch (Exception exception) when (exception is EtlException or OperationCanceledException) { }
    }

    private async Task<RunHistory> HistoryAsync(Run run, CancellationToken cancellationToken) =>
        await history.FindAsync(run.Id, cancellationToken)
        ?? throw new InvalidOperationException($"The ledger does not know run {run.Id}.");

    private static RunSummary Empty(RunRequest request, string? runId, SummaryStatus status, EtlError error) =>
        new(
            runId,
            request.BusinessDate.ToString(),
            new BusinessDate(request.AsOf ?? request.BusinessDate.Value).ToString(),
            status,
            TimeSpan.Zero,
            [],
            [],
            [],
            ManifestUri: null,
            [],
            error
        );
}
