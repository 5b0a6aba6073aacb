using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Etl.Infrastructure.Telemetry;

/// <summary>Writes the progress of a run to the log, for hosts without a terminal.</summary>
internal sealed partial class LogObserver(ILogger<LogObserver> log) : IRunObserver
{
    public void StepStarted(RunId run, Step step) => LogStarted(run, step);

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail) =>
        LogEnded(run, step, (long)duration.TotalMilliseconds, detail);

    public void Warned(RunId? run, string warning) => LogWarned(run, warning);

    public void Waiting(BusinessDate date, string missing, TimeSpan remaining) =>
        LogWaiting(date, (int)remaining.TotalSeconds, missing);

    public void Notified(Message message, IReadOnlyList<string> by) =>
        LogNotified(message.RunId, message.Subject, string.Join(", ", by));

    /// <summary>Ignored: the log has the totals when a step ends.</summary>
    public void Report(LoadProgress value) { }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId}: started {Step}")]
    private partial void LogStarted(RunId runId, Step step);

    [LoggerMessage(2, LogLevel.Information, "Run {RunId}: completed {Step} in {DurationMs} ms: {Detail}")]
    private partial void LogEnded(RunId runId, Step step, long durationMs, string detail);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId}: notified \"{Subject}\" by {Notifiers}")]
    private partial void LogNotified(RunId? runId, string subject, string notifiers);

    [LoggerMessage(5, LogLevel.Information, "Business date {BusinessDate}: waiting {Seconds} s at most: {Missing}")]
    private partial void LogWaiting(BusinessDate businessDate, int seconds, string missing);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId}: {Warning}")]
    private partial void LogWarned(RunId? runId, string warning);
}
