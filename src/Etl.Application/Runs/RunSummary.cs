using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>The result of an invocation, as every host reports it.</summary>
/// <param name="RunId">The run, or null if none was started.</param>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="AsOf">The day that ages were counted to.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long this invocation took.</param>
/// <param name="Sources">The files with their row counts.</param>
/// <param name="Tests">The results of the data tests.</param>
/// <param name="Exports">The exported tables.</param>
/// <param name="ManifestUri">The manifest, or null.</param>
/// <param name="Warnings">The warnings.</param>
/// <param name="Error">The error, or null.</param>
public sealed record RunSummary(
    string? RunId,
    string BusinessDate,
    string AsOf,
    SummaryStatus Status,
    TimeSpan Duration,
    IReadOnlyList<FileRecord> Sources,
    IReadOnlyList<DataTestResult> Tests,
    IReadOnlyList<ExportRecord> Exports,
    string? ManifestUri,
    IReadOnlyList<RunWarning> Warnings,
    EtlError? Error
)
{
    /// <summary>The run that a replay is based on, or a rollback restores; null for other runs.</summary>
    public string? BaseRunId { get; init; }

    /// <summary>Whether it restores the rows of an earlier run.</summary>
    public bool IsRollback { get; init; }

    /// <summary>Whether a rollback has taken it back.</summary>
    public bool IsRolledBack { get; init; }

    /// <summary>
    /// The figures of a run that this invocation has completed; null otherwise, and if its analytics tables do not have them.
    /// </summary>
    public BusinessFigures? Figures { get; init; }

    /// <summary>The run's HTML report; null if none was written.</summary>
    public string? ReportUri { get; init; }

    /// <summary>Whether it may replace a succeeded run of its day.</summary>
    public bool Forced { get; init; }

    /// <summary>
    /// Whether the files of a published day were delivered again and differ; the run has loaded them unless it was already done.
    /// </summary>
    public bool SourceChanged { get; init; }

    /// <summary>Whether its rows are or were visible to readers.</summary>
    public bool IsPublished => PublishedAt is not null;

    /// <summary>When its rows became visible; null if they did not.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The error of an earlier attempt after the publish, or null.</summary>
    public EtlError? Interruption { get; init; }

    /// <summary>The exception of an internal error, for the log of the host only; null for other errors.</summary>
    public Exception? Exception { get; private init; }

    /// <summary>Time and memory of this invocation; null if it worked on no run.</summary>
    public RunUsage? Usage { get; init; }

    /// <summary>Cost of this invocation as a Lambda function; null if it worked on no run.</summary>
    public RunCost? Cost { get; init; }

    /// <summary>Keeps the exception of an internal error. Every other error has its own explanation.</summary>
    internal RunSummary CausedBy(Exception exception) =>
        Error?.Code == ErrorCode.Internal ? this with { Exception = exception } : this;

    /// <summary>The summary of a recorded run.</summary>
    internal static RunSummary Of(RunHistory history, IReadOnlyList<RunWarning> warnings)
    {
        var run = history.Run;
        var error = run.ErrorCode is { } code
            ? new EtlError(ErrorCodes.Parse(code), run.ErrorMessage ?? "", run.ErrorNextStep ?? "")
            : null;
        var published = run.WasPublished;
        return new RunSummary(
            run.RunId,
            new BusinessDate(run.BusinessDate).ToString(),
            new BusinessDate(run.AsOf).ToString(),
            StatusOf(run.Status),
            TimeSpan.Zero,
            history.Files,
            history.Tests,
            history.Exports,
            history.ManifestUri,
            warnings,
            published ? null : error
        )
        {
            BaseRunId = run.BaseRunId,
            IsRollback = run.IsRollback,
            IsRolledBack = run.Status == RunStatus.RolledBack,
            Forced = run.Forced,
            SourceChanged = run.Trigger == Trigger.Redelivery,
            PublishedAt = published ? run.PublishedAt : null,
            ReportUri = history.ReportUri,
            Interruption = published ? error : null,
        };
    }

    /// <summary>The summary of an invocation that has no recorded run to report.</summary>
    internal static RunSummary OfError(
        EtlError error,
        SummaryStatus status,
        string businessDate,
        string asOf,
        string? runId = null
    ) => new(runId, businessDate, asOf, status, TimeSpan.Zero, [], [], [], ManifestUri: null, [], error);

    /// <summary>The same, for a request.</summary>
    internal static RunSummary OfError(
        RunRequest request,
        SummaryStatus status,
        EtlError error,
        string? runId = null
    ) =>
        OfError(
            error,
            status,
            request.BusinessDate.ToString(),
            new BusinessDate(request.AsOf ?? request.BusinessDate.Value).ToString(),
            runId
        );

    /// <summary>The summary with further warnings.</summary>
    internal RunSummary With(IReadOnlyList<RunWarning> more) => this with { Warnings = [.. Warnings, .. more] };

    private static SummaryStatus StatusOf(RunStatus status) =>
        status switch
        {
            RunStatus.Running => SummaryStatus.InProgress,
            RunStatus.Succeeded or RunStatus.Superseded or RunStatus.RolledBack => SummaryStatus.Succeeded,
            RunStatus.TimedOut => SummaryStatus.TimedOut,
            RunStatus.Cancelled => SummaryStatus.Cancelled,
            _ => SummaryStatus.Failed,
        };

    /// <summary>The process exit code by cause.</summary>
    public int ExitCode =>
        Status switch
        {
            SummaryStatus.Succeeded or SummaryStatus.AlreadyDone => 0,
            SummaryStatus.InProgress => ErrorCode.InProgress.ExitCode(),
            _ => Error?.Code.ExitCode() ?? ErrorCode.Internal.ExitCode(),
        };
}

/// <summary>How an invocation ended.</summary>
public enum SummaryStatus
{
    /// <summary>Published and exported.</summary>
    Succeeded,

    /// <summary>The day has a succeeded run; nothing was done.</summary>
    AlreadyDone,

    /// <summary>Another host works on the run; nothing was done.</summary>
    InProgress,

    /// <summary>Published; an error prevented the export, which the next start makes up for.</summary>
    ExportPending,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Stopped itself before the time limit.</summary>
    TimedOut,

    /// <summary>Stopped by a person or the platform.</summary>
    Cancelled,
}
