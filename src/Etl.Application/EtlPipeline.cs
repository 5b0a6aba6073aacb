using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Notify;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Transform;
using MediatR;

namespace Etl.Application;

/// <summary>
/// The daily job, the same in every host: extract, stage, transform, publish, export, notify. <see cref="RunInvocation"/>
/// bounds and measures a call, <see cref="RunDispatcher"/> decides which run to work on, <see cref="RunWorker"/> holds its
/// lease and handles its errors, and the behaviors of Steps retry, record and report each step.
/// </summary>
public sealed class EtlPipeline
{
    private readonly IMediator mediator;
    private readonly RunInvocation invocation;
    private readonly RunDispatcher dispatcher;
    private readonly RunSummaries summaries;
    private readonly DateLimits dates;

    internal EtlPipeline(
        IMediator mediator,
        RunInvocation invocation,
        RunDispatcher dispatcher,
        RunSummaries summaries,
        DateLimits dates
    )
    {
        this.mediator = mediator;
        this.invocation = invocation;
        this.dispatcher = dispatcher;
        this.summaries = summaries;
        this.dates = dates;
    }

    /// <summary>Runs a business date once. Every error is in the summary; none is thrown.</summary>
    public async Task<RunSummary> RunAsync(RunRequest request, CancellationToken cancellationToken) =>
        dates.ErrorOf(request) is { } refused
            ? SummaryJson.OfError(refused)
            : await invocation.DoAsync(
                request,
                limit => dispatcher.DispatchAsync(request, limit, DoStepsAsync),
                cancellationToken
            );

    /// <summary>The steps of a leased run, in order. A run that is already published is only exported and notified.</summary>
    private async Task<RunSummary> DoStepsAsync(LeasedRun run)
    {
        var (id, attempt, stop) = (run.Id, run.Attempt, run.Token);
        if (!run.IsPublished && run.RollbackTo is { } earlier)
        {
            run.AddWarnings(await mediator.Send(new RollbackCommand(id, attempt, earlier), stop));
        }
        else if (!run.IsPublished)
        {
            var extracted = await mediator.Send(new ExtractCommand(id, attempt, run.Replay), stop);
            run.AddWarnings(extracted);

            var staged = await mediator.Send(new StageCommand(id, attempt, extracted.Files, run.Replay?.BaseRun), stop);
            run.AddWarnings(staged);

            var transformed = await mediator.Send(
                new TransformCommand(id, attempt, run.AsOf, extracted.Dimensions, staged.Sums),
                stop
            );
            run.AddWarnings(transformed);

            await mediator.Send(new PublishCommand(id, attempt), stop);
        }

        if (!run.IsExported)
        {
            await mediator.Send(new ExportCommand(id, attempt), stop);
        }

        var summary = await summaries.OfSuccessAsync(run);
        var notified = await mediator.Send(run.Notify(summary), stop);
        return summary.With(notified.Warnings);
    }
}
