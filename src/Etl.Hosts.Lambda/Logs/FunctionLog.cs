using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Etl.Application.Steps;
using Etl.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;

namespace Etl.Hosts.Lambda.Logs;

/// <summary>
/// Log entries as one JSON object per line. A line is written before the call returns, because Lambda freezes the process
/// after its response, with any buffered line.
/// </summary>
internal sealed class JsonLines(TextWriter output, TimeProvider clock) : LineLogger
{
    /// <summary>Writes a line without interleaving.</summary>
    public void Write(string line)
    {
        lock (output)
        {
            output.Write(line + "\n");
            output.Flush();
        }
    }

    protected override void Write(LogEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow());
            json.WriteString("level", entry.Level.ToString().ToLowerInvariant());
            json.WriteNumber("eventId", entry.Id.Id);
            json.WriteString("category", entry.Category);
            json.WriteString("message", entry.Message);
            WriteScope(json);
            WriteValues(json, entry.State);
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
            {
                json.WriteString("traceId", span.TraceId.ToHexString());
                json.WriteString("spanId", span.SpanId.ToHexString());
            }

            if (entry.Exception is { } exception)
            {
                json.WriteString(
                    "exception",
                    entry.Level <= LogLevel.Debug ? exception.ToString() : exception.GetType().Name
                );
            }

            json.WriteEndObject();
        }

        Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

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
            json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }
}
