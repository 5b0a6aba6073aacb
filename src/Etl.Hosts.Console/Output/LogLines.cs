using Etl.Application.Steps;
using Etl.Hosts.Console.Cli;
using Etl.Infrastructure.Telemetry;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// Log entries as plain lines on stderr, each with the run and step that it belongs to; with stack traces only under
/// <c>--verbose</c>.
/// </summary>
internal sealed class LogLines(Terminal terminal, bool verbose) : LineLogger
{
    protected override void Write(LogEntry entry)
    {
        var run = RunScope.Of(Scopes) is { } scope ? $"{scope}: " : "";
        var category = entry.Category[(entry.Category.LastIndexOf('.') + 1)..];
        terminal.Note($"{entry.Level.ToString().ToLowerInvariant()}: {run}{category}: {entry.Message}");
        if (verbose && entry.Exception is { } exception)
        {
            terminal.Note(exception.ToString());
        }
    }
}
