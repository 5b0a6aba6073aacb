using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Lambda.Logs;

/// <summary>The logging configuration of the function, which Lambda passes as environment variables.</summary>
/// <param name="IsText">Whether lines are text; otherwise they are JSON.</param>
/// <param name="Level">The lowest level that is written.</param>
internal sealed record LogSettings(bool IsText, LogLevel Level)
{
    /// <summary>The names of Lambda; it treats a line with any other level as INFO.</summary>
    private static readonly Dictionary<LogLevel, string> Levels = new()
    {
        [LogLevel.Trace] = "TRACE",
        [LogLevel.Debug] = "DEBUG",
        [LogLevel.Information] = "INFO",
        [LogLevel.Warning] = "WARN",
        [LogLevel.Error] = "ERROR",
        [LogLevel.Critical] = "FATAL",
    };

    /// <summary>JSON from level INFO, unless Lambda asks for something else.</summary>
    /// <param name="format">The value of <c>AWS_LAMBDA_LOG_FORMAT</c>: <c>JSON</c> or <c>Text</c>.</param>
    /// <param name="level">The value of <c>AWS_LAMBDA_LOG_LEVEL</c>.</param>
    public static LogSettings Of(string? format, string? level) =>
        new(
            string.Equals(format, "Text", StringComparison.OrdinalIgnoreCase),
            Levels
                .Where(l => string.Equals(l.Value, level, StringComparison.OrdinalIgnoreCase))
                .Select(l => l.Key)
                .DefaultIfEmpty(LogLevel.Information)
                .First()
        );

    /// <summary>The name of a level.</summary>
    public static string TextOf(LogLevel level) => Levels[level];
}
