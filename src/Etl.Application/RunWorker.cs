using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using MediatR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Application;

/// <summary>Works on a leased run: renews its lease, reports its lineage, and records and notifies how it ended.</summary>
internal sealed class RunWorker(
    IMediator mediator,
    IRunLease lease,
    IPublisher publisher,
    ILineage lineage,
    IRunObserver observer,
    RunSummaries summaries,
    RetryPolicy retries,
    IOptions<RunOptions> options,
    ILogger<RunWorker> log,
    TimeProvider clock
)
{
    public async Task<RunSummary> WorkAsync(
        Run leased,
        RunRequest request,
        TimeLimit limit,
        Func<LeasedRun, Task<RunSummary>> steps
    )
    {
        using var scope = log.BeginScope(new RunScope(leased.Id));
        await lineage.StartedAsync(leased, limit.Token);
        var summary = await TryAsync(leased, request, limit, steps);
        using var shutdown = limit.ShutdownToken();
        await lineage.EndedAsync(leased, summary, shutdown.Token);
        return summary;
    }

    private async Task<RunSummary> TryAsync(
        Run leased,
        RunRequest request,
        TimeLimit limit,
        Func<LeasedRun, Task<RunSummary>> steps
    )
    {
        var duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        await using var keeper = new LeaseKeeper(
            stop => lease.RenewAsync(leased.Id, stop),
            duration,
            clock,
            limit.Token
        );
        var run = new LeasedRun(leased, request, keeper, limit);
        if (run.IsPublished)
        {
            log.Resumed(run.Id, run.IsExported ? Step.Notify : Step.Export);
        }

        try
        {
            await retries.DoAsync(run.Id, () => publisher.CleanUpAsync(run.Token), run.Token);
            var summary = await steps(run);
            await retries.DoAsync(run.Id, () => lease.FinishAsync(run.Id, run.Token), run.Token);
            return summary;
        }
        catch (Exception exception)
        {
            log.RunException(exception);
            return (await FailAsync(run, exception)).CausedBy(exception);
        }
    }

    /// <summary>Records and notifies the error; nothing here replaces the error itself.</summary>
    private async Task<RunSummary> FailAsync(LeasedRun run, Exception exception)
    {
        var error = ErrorClassifier.Explain(exception, run.IsLeaseLost, run.Limit);
        var summary = run.Unrecorded(error);
        if (run.IsLeaseLost)
        {
            return summary;
        }

        using var shutdown = run.Limit.ShutdownToken();
        try
        {
            summary = await summaries.OfFailureAsync(run, error, shutdown.Token);
            var notified = await mediator.Send(run.Notify(summary), shutdown.Token);
            return summary.With(notified.Warnings);
        }
        catch (Exception unrecorded)
        {
            log.RunException(unrecorded);
            observer.Warned(run.Id, "Could not record the failure in the ledger; the next start takes the run over.");
            return summary.With(await mediator.NotifyDirectlyAsync(summary, run.Limit));
        }
    }
}

/// <summary>A run that this host works on, with the warnings of its steps.</summary>
internal sealed class LeasedRun(Run run, RunRequest requested, LeaseKeeper keeper, TimeLimit limit)
{
    private readonly List<RunWarning> warnings = [];
    private readonly bool isRequested = run.Status != RunStatus.Succeeded || requested.IsFinishedBy(run);

    public RunId Id => run.Id;

    public int Attempt => run.Attempts;

    public DateOnly AsOf => run.AsOf;

    public ReplayRequest? Replay => requested.Replay;

    public RunId? RollbackTo => requested.RollbackTo;

    public bool IsPublished => run.Status == RunStatus.Succeeded;

    public bool IsExported => run.ExportedAt is not null;

    public bool IsLeaseLost => keeper.Lost;

    public TimeLimit Limit => limit;

    /// <summary>Canceled on request, before the deadline, and when the lease is lost.</summary>
    public CancellationToken Token => keeper.Token;

    public IReadOnlyList<RunWarning> Warnings => warnings;

    /// <summary>
    /// The command that notifies the end of the run. Sending never delays the requested day: a run that is finished before it
    /// only queues its message.
    /// </summary>
    public NotifyCommand Notify(RunSummary summary) => new(Id, Attempt, summary) { IsSentLater = !isRequested };

    public void AddWarnings(IStepResult result) => warnings.AddRange(result.Warnings);

    /// <summary>The summary of the run's error without the ledger.</summary>
    public RunSummary Unrecorded(Errors.EtlError error)
    {
        var request = new RunRequest(Id.BusinessDate, AsOf, run.Trigger, run.Forced);
        return RunSummary.OfError(request, ErrorClassifier.StatusOf(error), error, run.RunId) with
        {
            Warnings = warnings,
            Forced = run.Forced,
        };
    }
}
