using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>How a run ended, as every host reports it.</summary>
/// <param name="RunId">The run, or null where none was begun.</param>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="AsOf">The day that ages were counted to.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long this invocation took.</param>
/// <param name="Sources">What became of the files.</param>
/// <param name="Tests">What the data tests found.</param>
/// <param name="Exports">What was written to the lake.</param>
/// <param name="ManifestUri">The manifest, or null.</param>
/// <param name="Warnings">What people should know.</param>
/// <param name="Error">The exception, or null.</param>
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
    IReadOnlyList<string> Warnings,
    EtlError? Error
)
{
    /// <summary>The run that a replay builds on; null for any other run.</summary>
    public string? BaseRunId { get; init; }

    /// <summary>The run's HTML report; null where none was written.</summary>
    public string? ReportUri { get; init; }

    /// <summary>Whether it was told to replace a succeeded run of its day.</summary>
    public bool Forced { get; init; }

    /// <summary>Whether readers see its rows, or saw them until a later run came.</summary>
    public bool IsPublished => PublishedAt is not null;

    /// <summary>When readers first saw its rows; null where they did not.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The exception that an earlier start of this run met after the publish; null where there was none.</summary>
    public EtlError? Interruption { get; init; }

    /// <summary>What this invocation took; null where no run was worked on.</summary>
    public RunUsage? Usage { get; init; }

    /// <summary>What this invocation would cost as a Lambda function; null where no run was worked on.</summary>
    public RunCost? Cost { get; init; }

    /// <summary>The summary of a run that the ledger knows: how it stands there.</summary>
    internal static RunSummary Of(RunHistory history, IReadOnlyList<string> warnings)
    {
        var run = history.Run;
        var exception = run.ErrorCode is { } code
            ? new EtlError(ErrorCodes.Parse(code), run.ErrorMessage ?? "", run.ErrorNextStep ?? "")
            : null;
        var published = run.Status is RunStatus.Succeeded or RunStatus.Superseded;
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
            published ? null : exception
        )
        {
            BaseRunId = run.BaseRunId,
            Forced = run.Forced,
            PublishedAt = published ? run.PublishedAt : null,
            ReportUri = history.ReportUri,
            Interruption = published ? exception : null,
        };
    }

    private static SummaryStatus StatusOf(RunStatus status) =>
        status switch
        {
            RunStatus.Running => SummaryStatus.InProgress,
            RunStatus.Succeeded or RunStatus.Superseded => SummaryStatus.Succeeded,
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

    /// <summary>The day has its succeeded run; nothing was done.</summary>
    AlreadyDone,

    /// <summary>Another host is at it; nothing was done.</summary>
    InProgress,

    /// <summary>Ended by a exception.</summary>
    Failed,

    /// <summary>Stopped itself before the time limit.</summary>
    TimedOut,

    /// <summary>Stopped by a person or the platform.</summary>
    Cancelled,
}
