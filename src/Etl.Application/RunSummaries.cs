using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;

namespace Etl.Application;

/// <summary>The summary of a run at its end, from the ledger, with its report and its usage.</summary>
internal sealed class RunSummaries(
    IRunLease lease,
    IRunHistory history,
    IPublisher publisher,
    Reporting reporting,
    RetryPolicy retries,
    UsageMeter meter
)
{
    public async Task<RunSummary> OfSuccessAsync(LeasedRun run)
    {
        var summary = await OfRecordedAsync(run.Id, run.Warnings, run.Token);
        return meter.Measured(await reporting.AddAsync(run.Id, summary, run.Token), run.Limit);
    }

    /// <summary>Records the error in the ledger first, and drops the tables of a run that was not published.</summary>
    public async Task<RunSummary> OfFailureAsync(LeasedRun run, EtlError error, CancellationToken cancellationToken)
    {
        var status = ErrorClassifier.StatusOf(error);
        await retries.DoAsync(
            run.Id,
            () => lease.FailAsync(run.Id, ErrorClassifier.RunStatusOf(status), error, cancellationToken),
            cancellationToken
        );
        var recorded = await OfRecordedAsync(run.Id, run.Warnings, cancellationToken);
        if (!recorded.IsPublished)
        {
            await publisher.CleanUpAsync(cancellationToken);
        }

        if (status == SummaryStatus.Failed && recorded is { IsPublished: true, ManifestUri: null })
        {
            status = SummaryStatus.ExportPending;
        }

        var summary = recorded with { Status = status, Error = error, Interruption = null };
        return await reporting.AddAsync(run.Id, meter.Measured(summary, run.Limit), cancellationToken);
    }

    public async Task<RunSummary> OfRecordedAsync(
        RunId run,
        IReadOnlyList<RunWarning> warnings,
        CancellationToken cancellationToken
    ) =>
        RunSummary.Of(
            await history.FindAsync(run, cancellationToken)
                ?? throw new InvalidOperationException($"Run {run} is not in the ledger."),
            warnings
        );
}
