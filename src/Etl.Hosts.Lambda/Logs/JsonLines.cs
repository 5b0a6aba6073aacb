using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Etl.Application.Steps;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Lambda.Logs;

/// <summary>
/// Log entries as one JSON object per line. A line is written before the call returns, because Lambda freezes the process
/// after its response, with any buffered line.
/// </summary>
internal sealed class JsonLines(TextWriter output, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() { }

    /// <summary>Writes a line without interleaving.</summary>
    public void Write(string line)
    {
        lock (output)
        {
            output.Write(line + "\n");
            output.Flush();
        }
    }

    private void Log<TState>(
        (string Category, LogLevel Level, EventId Id) line,
        TState state,
        string message,
        Exception? exception
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow());
            json.WriteString("level", line.Level.ToString().ToLowerInvariant());
            json.WriteNumber("eventId", line.Id.Id);
            json.WriteString("category", line.Category);
            json.WriteString("message", message);
            WriteScope(json);
            WriteValues(json, state);
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
            {
                json.WriteString("traceId", span.TraceId.ToHexString());
                json.WriteString("spanId", span.SpanId.ToHexString());
            }

            if (exception is not null)
            {
                json.WriteString(
                    "exception",
                    line.Level <= LogLevel.Debug ? exception.ToString() : exception.GetType().Name
                );
            }

            json.WriteEndObject();
        }

        Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void WriteScope(Utf8JsonWriter json)
    {
        if (RunScope.Of(scopes) is not { } scope)
        {
            return;
        }

        json.WriteString("runId", scope.Run.ToString());
        if (scope.Step is { } step)
        {
            json.WriteString("step", step.ToString().ToLowerInvariant());
        }
    }

    /// <summary>The values of the message template by name, as text.</summary>
    private static void WriteValues<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> values)
        {
            return;
        }

        json.WriteStartObject("values");
        foreach (var (name, value) in values.Where(v => v.Key != "{OriginalFormat}"))
        {
            json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private sealed class Category(JsonLines lines, string name) : ILogger
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
        ) => lines.Log((name, logLevel, eventId), state, formatter(state, exception), exception);
    }
}
