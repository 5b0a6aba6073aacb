using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Steps;
using Etl.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Lambda.Logs;

/// <summary>
/// Log entries as one JSON object per line, with the keys that Lambda knows, or as text. A line is written before the call
/// returns, because Lambda freezes the process after its response, with any buffered line.
/// </summary>
internal sealed class FunctionLog(TextWriter output, TimeProvider clock, LogSettings settings) : LineLogger
{
    private static readonly EventId FailedInvocation = new(60);

    /// <summary>The current invocation; null before the first one.</summary>
    public string? RequestId { get; set; }

    /// <summary>Writes a line without interleaving.</summary>
    public void Write(string line)
    {
        lock (output)
        {
            output.Write(line + "\n");
            output.Flush();
        }
    }

    /// <summary>Writes the one line about a failed invocation.</summary>
    /// <param name="error">The error.</param>
    /// <param name="message">The message of the invocation, with the run and the next step.</param>
    /// <param name="runId">The run; null if none was started.</param>
    /// <param name="exception">The exception of an internal error, whose stack is written; null for other errors.</param>
    public void WriteFailure(EtlError error, string message, string? runId, Exception? exception)
    {
        var failure = new Failure(error, runId, exception?.ToString());
        Write(new LogEntry(typeof(FunctionLog).FullName!, LogLevel.Error, FailedInvocation, failure, message, null));
    }

    protected override void Write(LogEntry entry) => Write(settings.IsText ? TextOf(entry) : JsonOf(entry));

    private string TextOf(LogEntry entry)
    {
        var time = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var details = (entry.State as Failure)?.Exception ?? ExceptionOf(entry);
        return $"{time}\t{RequestId}\t{LogSettings.TextOf(entry.Level)}\t{entry.Message}{(details is null ? "" : $"\n{details}")}";
    }

    private string JsonOf(LogEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", clock.GetUtcNow());
            json.WriteString("level", LogSettings.TextOf(entry.Level));
            if (RequestId is { } request)
            {
                json.WriteString("requestId", request);
            }

            json.WriteNumber("eventId", entry.Id.Id);
            json.WriteString("category", entry.Category);
            json.WriteString("message", entry.Message);
            WriteDetails(json, entry);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteDetails(Utf8JsonWriter json, LogEntry entry)
    {
        if (entry.State is Failure failure)
        {
            WriteFailure(json, failure);
        }
        else
        {
            WriteScope(json);
            WriteValues(json, entry.State);
        }

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
        {
            json.WriteString("traceId", span.TraceId.ToHexString());
            json.WriteString("spanId", span.SpanId.ToHexString());
        }

        if (ExceptionOf(entry) is { } exception)
        {
            json.WriteString("exception", exception);
        }
    }

    private static void WriteFailure(Utf8JsonWriter json, Failure failure)
    {
        json.WriteString("errorCode", failure.Error.Code.Text());
        json.WriteString("nextStep", failure.Error.NextStep);
        if (failure.RunId is { } run)
        {
            json.WriteString("runId", run);
        }

        if (failure.Exception is { } exception)
        {
            json.WriteString("exception", exception);
        }
    }

    /// <summary>Only the type above level debug: the message of an exception of a driver can contain values of rows.</summary>
    private static string? ExceptionOf(LogEntry entry) =>
        entry.Level <= LogLevel.Debug ? entry.Exception?.ToString() : entry.Exception?.GetType().Name;

    private void WriteScope(Utf8JsonWriter json)
    {
        if (RunScope.Of(Scopes) is not { } scope)
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
    private static void WriteValues(Utf8JsonWriter json, object? state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> values)
        {
            return;
        }

        json.WriteStartObject("values");
        foreach (var (name, value) in values.Where(v => v.Key != "{OriginalFormat}"))
        {
            json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private sealed record Failure(EtlError Error, string? RunId, string? Exception);
}
