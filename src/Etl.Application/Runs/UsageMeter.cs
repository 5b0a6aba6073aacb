using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Runs;

/// <summary>Measures what an invocation takes, prices it, and keeps it in the ledger.</summary>
internal sealed class UsageMeter(IRunJournal journal, IOptions<CostOptions> prices)
{
    /// <summary>The summary with time, memory and cost as they are now.</summary>
    public RunSummary Measured(RunSummary summary, TimeLimit limit)
    {
        var usage = RunUsage.OfThisProcess(limit.Elapsed);
        return summary with
        {
            Duration = usage.Duration,
            Usage = usage,
            Cost = RunCost.Of(usage.Duration, prices.Value),
        };
    }

    /// <summary>The last word on an invocation: measured, and recorded where a run was worked on.</summary>
    public async Task<RunSummary> RecordAsync(RunSummary summary, TimeLimit limit)
    {
        if (summary.Status is SummaryStatus.AlreadyDone or SummaryStatus.InProgress)
        {
            return summary with { Duration = limit.Elapsed };
        }

        var measured = Measured(summary, limit);
        if (
            summary.RunId is { } run
            && summary.Error?.Code is not (ErrorCode.LeaseLost or ErrorCode.DatabaseUnreachable)
        )
        {
            using var shutdown = limit.ShutdownToken();
            try
            {
                await journal.RecordUsageAsync(RunId.Parse(run), measured.Usage!, shutdown.Token);
            }
            catch (Exception exception) when (exception is EtlException or OperationCanceledException)
            {
                // What a run took is good to know, and no reason to call it failed.
            }
        }

        return measured;
    }
}
