using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Writes the report of a run. An error of the report is a warning: it never fails a run.</summary>
internal sealed class Reporting(IRunReport report, IRunJournal journal, IRunObserver observer, TimeProvider clock)
{
    /// <summary>Bounds the wait of the message and of the platform's deadline.</summary>
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
                OperationCanceledException => $"it took more than {Timeout.TotalSeconds:0} seconds.",
                _ => $"{exception.GetType().Name}.",
            };
            var warning = $"The report was not written: {cause} Write it with `etl report --run {run}`.";
            observer.Warned(run, warning);
            return summary with { Warnings = [.. summary.Warnings, new RunWarning(RunWarningKind.Report, warning)] };
        }
    }
}
