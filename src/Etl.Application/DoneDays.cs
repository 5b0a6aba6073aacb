using Etl.Application.Extract;
using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application;

/// <summary>What a start does about a day that is already done: it compares the files, and sends pending messages.</summary>
internal sealed class DoneDays(IMediator mediator, RedeliveryCheck check, RunSummaries summaries)
{
    /// <summary>Compares the files with those of the published run; an error of the source is a warning.</summary>
    public async Task<RedeliveryResult> CompareAsync(Run run, RunRequest request, TimeLimit limit)
    {
        try
        {
            return await check.CompareAsync(run, request.AsOf, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsReached)
        {
            var late = $"The source was not compared with run {run.RunId}: the time limit was reached first.";
            return new RedeliveryResult(null, null, [new RunWarning(RunWarningKind.Redelivery, late)]);
        }
    }

    /// <summary>The files to run again; null if the policy does not ask for it or they are not complete yet.</summary>
    public Redelivery? Rerun(RedeliveryResult found) => check.Policy == RedeliveryPolicy.Rerun ? found.Complete : null;

    public async Task<RunSummary> ReportAsync(Run run, RedeliveryResult found, TimeLimit limit)
    {
        using var shutdown = limit.IsReached ? limit.ShutdownToken() : null;
        var token = shutdown?.Token ?? limit.Token;
        var command =
            check.Policy == RedeliveryPolicy.Notify && found.Complete is { } redelivery
                ? NotifyCommand.OfRedelivery(redelivery, run)
                : NotifyCommand.Pending;
        var notified = await mediator.Send(command, token);
        var warnings = found.WarningsWith(check.NextOf(run));
        var done = await summaries.OfRecordedAsync(run.Id, [.. warnings, .. notified.Warnings], token);
        return done with { Status = SummaryStatus.AlreadyDone, SourceChanged = found.Redelivery is not null };
    }
}
