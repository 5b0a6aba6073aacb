using Microsoft.Extensions.Logging;

namespace Etl.UnitTests.Application;

/// <summary>A log that remembers the faults that were written to it.</summary>
internal sealed class FakeLog : ILoggerProvider, ILogger
{
    public List<(LogLevel Level, Exception Fault)> ErrorClassifier { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (exception is not null)
        {
            ErrorClassifier.Add((logLevel, exception));
        }
    }

    public void Dispose() { }
}
