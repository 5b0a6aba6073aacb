using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Reads the figures of a run and writes its report. An error of either is a warning: it never fails a run.</summary>
internal sealed class Reporting(
    IFigureReader figures,
    IRunReport report,
    IRunHistory history,
    IRunJournal journal,
    IRunObserver observer,
    TimeProvider clock
)
{
    /// <summary>Bounds the wait of the message and of the platform's deadline.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<RunSummary> AddAsync(RunId run, RunSummary summary, CancellationToken cancellationToken)
    {
        if (summary.Status == SummaryStatus.Succeeded)
        {
            summary = await TryAsync(
                run,
                summary,
                async token => summary with { Figures = await FiguresAsync(run, token) },
                cause => new(RunWarningKind.Figures, $"The figures were not read: {cause}"),
                cancellationToken
            );
        }

        return await TryAsync(
            run,
            summary,
            async token => summary with { ReportUri = await ReportAsync(run, summary, token) },
            cause =>
                new(
                    RunWarningKind.Report,
                    $"The report was not written: {cause} Write it with `etl report --run {run}`."
                ),
            cancellationToken
        );
    }

    private async Task<BusinessFigures?> FiguresAsync(RunId run, CancellationToken cancellationToken)
    {
        var before = await history.PreviousAsync(run, cancellationToken);
        return await figures.ReadAsync(run, before?.Run.Id, cancellationToken);
    }

    private async Task<string> ReportAsync(RunId run, RunSummary summary, CancellationToken cancellationToken)
    {
        var uri = await report.WriteAsync(run, summary.Warnings, cancellationToken);
        await journal.RecordReportAsync(run, uri, cancellationToken);
        return uri;
    }

    private async Task<RunSummary> TryAsync(
        RunId run,
        RunSummary summary,
        Func<CancellationToken, Task<RunSummary>> add,
        Func<string, RunWarning> warn,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await add(either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var warning = warn(
                exception switch
                {
                    EtlException known => known.Error.Message,
                    OperationCanceledException => $"it took more than {Timeout.TotalSeconds:0} seconds.",
                    _ => $"{exception.GetType().Name}.",
                }
            );
            observer.Warned(run, warning.Message);
            return summary.With([warning]);
        }
    }
}
