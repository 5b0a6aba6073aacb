using Etl.Hosts.Console.Cli;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Console.Output;

/// <summary>The log as plain lines on stderr; stack traces only where they were asked for.</summary>
internal sealed class LogLines(Terminal terminal, bool verbose) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(terminal, verbose, categoryName);

    public void Dispose() { }

    private sealed class Category(Terminal terminal, bool verbose, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var level = logLevel.ToString().ToLowerInvariant();
            terminal.Note($"{level}: {name[(name.LastIndexOf('.') + 1)..]}: {formatter(state, exception)}");
            if (verbose && exception is not null)
            {
                terminal.Note(exception.ToString());
            }
        }
    }
}
