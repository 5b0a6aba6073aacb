using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Adds the report to what a run left behind. Whatever keeps it from being written is a warning, never a failure.</summary>
internal sealed class Reporting(IRunReport report, IRunJournal journal, IRunObserver observer, TimeProvider clock)
{
    /// <summary>The message and the platform's deadline come after the report, and must not wait for it long.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<RunSummary> AddAsync(RunId run, RunSummary summary, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var uri = await report.WriteAsync(run, summary.Warnings, either.Token);
            await journal.RecordReportAsync(run, uri, either.Token);
            return summary with { ReportUri = uri };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var cause = exception switch
            {
                EtlException known => known.Error.Message,
                OperationCanceledException => $"it took longer than {Timeout.TotalSeconds:0} seconds.",
                _ => $"{exception.GetType().Name}.",
            };
            var warning = $"The report was not written: {cause} Try `etl report --run {run}`.";
            observer.Warned(run, warning);
            return summary with { Warnings = [.. summary.Warnings, warning] };
        }
    }
}
