using Etl.Application.Steps;
using Etl.Hosts.Console.Cli;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// Log entries as plain lines on stderr, each with the run and step that it belongs to; with stack traces only under
/// <c>--verbose</c>.
/// </summary>
internal sealed class LogLines(Terminal terminal, bool verbose) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() { }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var run = RunScope.Of(scopes) is { } scope ? $"{scope}: " : "";
        terminal.Note($"{level.ToString().ToLowerInvariant()}: {run}{category}: {message}");
        if (verbose && exception is not null)
        {
            terminal.Note(exception.ToString());
        }
    }

    private sealed class Category(LogLines lines, string name) : ILogger
    {
        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull => lines.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Write(logLevel, name, formatter(state, exception), exception);
    }
}
