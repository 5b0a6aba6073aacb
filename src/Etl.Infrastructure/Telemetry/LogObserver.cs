using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Etl.Infrastructure.Telemetry;

/// <summary>A run in the log: for every host that has no terminal to draw on.</summary>
internal sealed partial class LogObserver(ILogger<LogObserver> log) : IRunObserver
{
    public void StepStarted(RunId run, Step step) => LogStarted(run, step);

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail) =>
        LogEnded(run, step, (long)duration.TotalMilliseconds, detail);

    public void Warned(RunId run, string warning) => LogWarned(run, warning);

    public void Notified(Message message) => LogTold(message.RunId, message.Subject);

    /// <summary>Progress is for people who watch; a log has the totals when a step ends.</summary>
    public void Report(LoadProgress value) { }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId}: {Step} begins.")]
    private partial void LogStarted(RunId runId, Step step);

    [LoggerMessage(2, LogLevel.Information, "Run {RunId}: {Step} ended after {DurationMs} ms: {Detail}.")]
    private partial void LogEnded(RunId runId, Step step, long durationMs, string detail);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId}: told \"{Subject}\".")]
    private partial void LogTold(RunId? runId, string subject);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId}: {Warning}")]
    private partial void LogWarned(RunId runId, string warning);
}
