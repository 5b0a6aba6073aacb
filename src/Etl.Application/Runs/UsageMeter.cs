using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Application.Runs;

/// <summary>Measures time, memory and cost of an invocation and records them in the ledger.</summary>
internal sealed class UsageMeter(IRunJournal journal, IOptions<CostOptions> prices, ILogger<UsageMeter> log)
{
    /// <summary>The summary with the current time, memory and cost.</summary>
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

    /// <summary>The final summary; its usage is recorded if the invocation worked on a run. An error of the record fails no run.</summary>
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
                log.UsageNotRecorded(exception, run);
            }
        }

        return measured;
    }
}
