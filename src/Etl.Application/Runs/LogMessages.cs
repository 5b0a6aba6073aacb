using Etl.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Etl.Application.Runs;

/// <summary>The log messages of this assembly. Event IDs 50 to 59 belong to it.</summary>
internal static partial class LogMessages
{
    /// <summary>The only place where an exception is logged with its trace; people see its <c>EtlError</c>.</summary>
    [LoggerMessage(50, LogLevel.Debug, "Exception that ended the run:")]
    public static partial void RunException(this ILogger log, Exception exception);

    [LoggerMessage(51, LogLevel.Information, "Resumed run {RunId} at {Step}: it is published already")]
    public static partial void Resumed(this ILogger log, RunId runId, Step step);

    [LoggerMessage(52, LogLevel.Debug, "Ledger decision for business date {BusinessDate}: {Decision} with run {RunId}")]
    public static partial void Decided(this ILogger log, BusinessDate businessDate, RunDecision decision, string runId);

    [LoggerMessage(53, LogLevel.Debug, "Could not record the usage of run {RunId}")]
    public static partial void UsageNotRecorded(this ILogger log, Exception exception, string runId);

    [LoggerMessage(54, LogLevel.Debug, "Could not record the end of {Step} of run {RunId}")]
    public static partial void StepEndNotRecorded(this ILogger log, Exception exception, Step step, RunId runId);
}
