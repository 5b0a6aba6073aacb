using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Application;

/// <summary>Requests leases and works on the runs that are leased, until the requested day is done or cannot be.</summary>
internal sealed class RunDispatcher(
    ILedgerConnection connection,
    ILedgerMigrations migrations,
    IRunLease lease,
    DeliveryWait delivery,
    IDataLake lake,
    RunWorker worker,
    DoneDays doneDays,
    IRollback rollback,
    IOptions<RunOptions> options,
    ILogger<RunDispatcher> log
)
{
    public async Task<RunSummary> DispatchAsync(
        RunRequest request,
        TimeLimit limit,
        Func<LeasedRun, Task<RunSummary>> steps
    )
    {
        await connection.WaitAsync(limit.Token);
        if (options.Value.Migrate)
        {
            await migrations.MigrateAsync(limit.Token);
        }

        request = await PlannedAsync(request, limit.Token);
        var start = RunStartRequest.Of(request, lake.Uri);
        var unfinished = new List<RunWarning>();
        while (true)
        {
            if (
                request.BaseRun is null
                && await lease.ForecastAsync(start, limit.Token) is { Decision: RunDecision.Begin }
            )
            {
                await delivery.RequireAsync(request.BusinessDate, limit.Token);
            }

            var (decision, run) = await lease.StartAsync(start, limit.Token);
            log.Decided(request.BusinessDate, decision, run.RunId);
            switch (decision)
            {
                case RunDecision.AlreadyDone when request.RollbackTo is not null:
                    return await doneDays.ReportAsync(run, RedeliveryResult.None, limit);
                case RunDecision.AlreadyDone:
                    var arrived = await doneDays.CompareAsync(run, request, limit);
                    if (doneDays.Rerun(arrived) is { } again && start.Redelivery is null)
                    {
                        start = start with { Redelivery = again };
                        break;
                    }

                    return await doneDays.ReportAsync(run, arrived, limit);
                case RunDecision.InProgress:
                    var error = RunErrors.InProgress(run);
                    return RunSummary.OfError(request, SummaryStatus.InProgress, error, run.RunId);
                case RunDecision.OtherLake:
                    var pending = RunErrors.OtherLake(run, start.LakeUri!);
                    return RunSummary.OfError(request, SummaryStatus.ExportPending, pending, run.RunId);
                case RunDecision.FinishExport:
                    var finished = await worker.WorkAsync(run, request, limit, steps);
                    if (IsAnswer(finished, run, request))
                    {
                        return finished;
                    }

                    if (finished.Error is { } cause)
                    {
                        start = start with { FinishOthers = false };
                        unfinished.Add(UnfinishedExport(run, cause.Message));
                    }

                    break;
                default:
                    var summary = await worker.WorkAsync(run, request, limit, steps);
                    return summary with { Warnings = [.. unfinished, .. summary.Warnings] };
            }
        }
    }

    /// <summary>A rollback has the as-of date of the run that it restores; what is restored already is done.</summary>
    private async Task<RunRequest> PlannedAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.RollbackTo is not { } earlier)
        {
            return request;
        }

        var plan = await rollback.PlanAsync(earlier, cancellationToken);
        return request with { AsOf = plan.AsOf, Force = plan.Restored is null };
    }

    /// <summary>Whether the finished run is the requested one, or the invocation has to stop.</summary>
    private static bool IsAnswer(RunSummary finished, Run run, RunRequest request) =>
        request.IsFinishedBy(run) || finished.Status is SummaryStatus.Cancelled or SummaryStatus.TimedOut;

    private static RunWarning UnfinishedExport(Run run, string cause) =>
        new(RunWarningKind.UnfinishedExport, $"Run {run.RunId} is published but not exported: {cause}");
}
