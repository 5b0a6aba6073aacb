using Microsoft.Extensions.Logging;

namespace Etl.Infrastructure.Telemetry;

/// <summary>A log entry.</summary>
/// <param name="Category">The full name of the class that logs.</param>
/// <param name="Level">How severe it is.</param>
/// <param name="Id">The identity of the message.</param>
/// <param name="State">The values of the message.</param>
/// <param name="Message">The message with its values.</param>
/// <param name="Exception">What went wrong, or null.</param>
public sealed record LogEntry(
    string Category,
    LogLevel Level,
    EventId Id,
    object? State,
    string Message,
    Exception? Exception
);

/// <summary>A logger that writes each entry by itself. A host decides on the form of a line.</summary>
public abstract class LineLogger : ILoggerProvider, ISupportExternalScope
{
    /// <summary>The scopes around the current entry.</summary>
    protected IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Writes an entry before it returns.</summary>
    protected abstract void Write(LogEntry entry);

    private sealed class Category(LineLogger lines, string name) : ILogger
    {
        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull => lines.Scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Write(new LogEntry(name, logLevel, eventId, state, formatter(state, exception), exception));
    }
}
