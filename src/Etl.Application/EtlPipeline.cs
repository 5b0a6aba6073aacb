using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Steps;
using Etl.Application.Transform;
using Etl.Domain.Runs;
using MediatR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Application;

/// <summary>The daily job, the same in every host: extract, stage, transform, export, notify.</summary>
public sealed class EtlPipeline
{
    private readonly IMediator mediator;
    private readonly ILedgerMigrations migrations;
    private readonly IRunLease lease;
    private readonly IStagingLoader loader;
    private readonly IPublisher publisher;
    private readonly Outcomes outcomes;
    private readonly RetryPolicy retrying;
    private readonly UsageMeter meter;
    private readonly ILineage lineage;
    private readonly IOptions<RunOptions> options;
    private readonly ILogger log;
    private readonly TimeProvider clock;

    internal EtlPipeline(
        IMediator mediator,
        ILedgerMigrations migrations,
        IRunLease lease,
        IStagingLoader loader,
        IPublisher publisher,
        Outcomes outcomes,
        RetryPolicy retrying,
        UsageMeter meter,
        ILineage lineage,
        IOptions<RunOptions> options,
        ILoggerFactory logs,
        TimeProvider clock
    )
    {
        this.mediator = mediator;
        this.migrations = migrations;
        this.lease = lease;
        this.loader = loader;
        this.publisher = publisher;
        this.outcomes = outcomes;
        this.retrying = retrying;
        this.meter = meter;
        this.lineage = lineage;
        this.options = options;
        log = logs.CreateLogger<EtlPipeline>();
        this.clock = clock;
    }

    /// <summary>Runs a business date, once. Every exception is in the summary; none is thrown.</summary>
    public async Task<RunSummary> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        using var span = Signals.StartRun(request);
        using var limit = new TimeLimit(request.Deadline, options.Value, clock, cancellationToken);
        var summary = await AnswerAsync(request, limit);
        Signals.EndRun(span, summary, clock.GetUtcNow());
        return summary;
    }

    private async Task<RunSummary> AnswerAsync(RunRequest request, TimeLimit limit)
    {
        try
        {
            return await meter.RecordAsync(await DecideAsync(request, limit), limit);
        }
        catch (Exception exception)
        {
            ErrorClassifier.Log(log, exception);
            // Before a run was leased: nothing to record it in, so the message goes out directly.
            var summary = Outcomes.OfFault(request, exception, limit);
            await outcomes.NotifyDirectlyAsync(summary, limit);
            return summary with { Duration = limit.Elapsed };
        }
    }

    private async Task<RunSummary> DecideAsync(RunRequest request, TimeLimit limit)
    {
        var cancellationToken = limit.Token;
        if (options.Value.Migrate)
        {
            await migrations.MigrateAsync(cancellationToken);
        }

        var ask = new RunStartRequest(
            request.BusinessDate,
            request.AsOf ?? request.BusinessDate.Value,
            request.Trigger,
            request.Force,
            BaseRun: request.Replay?.BaseRun
        );
        var earlier = new List<string>();
        while (true)
        {
            var start = await lease.StartAsync(ask, cancellationToken);
            switch (start.Decision)
            {
                case RunDecision.AlreadyDone:
                    return await outcomes.AlreadyDoneAsync(start.Run, cancellationToken);
                case RunDecision.InProgress:
                    return Outcomes.InProgress(request, start.Run);
                case RunDecision.FinishExport:
                    var finished = await WorkAsync(start.Run, FinishAsync, limit);
                    var asked = start.Run.BusinessDate == request.BusinessDate.Value && !request.Force;
                    if (asked || finished.Status is SummaryStatus.Cancelled or SummaryStatus.TimedOut)
                    {
                        return finished;
                    }

                    if (finished.Error is { } error)
                    {
                        ask = ask with { FinishOthers = false };
                        earlier.Add($"Run {start.Run.RunId} still lacks its export: {error.Message}");
                    }

                    break;
                default:
                    var summary = await WorkAsync(
                        start.Run,
                        (run, warnings, token) => AllStepsAsync(run, request.Replay, warnings, token),
                        limit
                    );
                    return summary with { Warnings = [.. earlier, .. summary.Warnings] };
            }
        }
    }

    private async Task AllStepsAsync(
        Run run,
        ReplayRequest? replay,
        List<string> warnings,
        CancellationToken cancellationToken
    )
    {
        var extracted = await mediator.Send(new ExtractCommand(run.Id, run.Attempts, replay), cancellationToken);
        warnings.AddRange(extracted.Warnings);
        var staged = await mediator.Send(
            new StageCommand(run.Id, run.Attempts, extracted.Files, replay?.BaseRun),
            cancellationToken
        );
        warnings.AddRange(staged.Warnings);
        var transformed = await mediator.Send(
            new TransformCommand(run.Id, run.Attempts, run.AsOf, extracted.Dimensions, staged.Sums),
            cancellationToken
        );
        warnings.AddRange(transformed.Warnings);
        await FinishAsync(run, warnings, cancellationToken);
    }

    private async Task FinishAsync(Run run, List<string> warnings, CancellationToken cancellationToken)
    {
        if (run.ExportedAt is null)
        {
            await mediator.Send(new ExportCommand(run.Id, run.Attempts), cancellationToken);
        }
    }

    /// <summary>Does a leased run's work under signs of life, and records and tells how it ended.</summary>
    private async Task<RunSummary> WorkAsync(
        Run run,
        Func<Run, List<string>, CancellationToken, Task> work,
        TimeLimit limit
    )
    {
        using var scope = log.BeginScope(new RunScope(run.Id));
        await lineage.StartedAsync(run, limit.Token);
        var summary = await TryWorkAsync(run, work, limit);
        using var shutdown = limit.ShutdownToken();
        await lineage.EndedAsync(run, summary, shutdown.Token);
        return summary;
    }

    private async Task<RunSummary> TryWorkAsync(
        Run run,
        Func<Run, List<string>, CancellationToken, Task> work,
        TimeLimit limit
    )
    {
        var warnings = new List<string>();
        var duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        await using var keeper = new LeaseKeeper(lease, run.Id, duration, clock, limit.Token);
        try
        {
            await retrying.DoAsync(run.Id, () => publisher.CleanUpAsync(keeper.Token), keeper.Token);
            await work(run, warnings, keeper.Token);
            var summary = meter.Measured(await outcomes.SucceededAsync(run, warnings, keeper.Token), limit);
            var told = await mediator.Send(new NotifyCommand(run.Id, run.Attempts, summary), keeper.Token);
            await retrying.DoAsync(run.Id, () => lease.FinishAsync(run.Id, keeper.Token), keeper.Token);
            return summary with { Warnings = [.. summary.Warnings, .. told.Warnings] };
        }
        catch (Exception exception)
        {
            ErrorClassifier.Log(log, exception);
            return await outcomes.FailAsync(run, exception, keeper.Lost, warnings, mediator, loader, limit);
        }
    }
}
