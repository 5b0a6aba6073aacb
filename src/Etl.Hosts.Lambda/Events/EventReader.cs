using System.Globalization;
using System.Net;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Hosts.Lambda.Events;

/// <summary>
/// Converts the event of an invocation into requests. A business date comes from the event, never from the clock, so a retry
/// after midnight keeps the date. Events that SQS or SNS deliver are read from their messages.
/// </summary>
/// <param name="zone">The time zone of business dates.</param>
/// <param name="marker">The object whose arrival means that the files of a day are complete.</param>
/// <param name="manual">Reads events that people send.</param>
/// <param name="clock">Determines the last acceptable business date, which is tomorrow.</param>
internal sealed class EventReader(TimeZoneInfo zone, MarkerAddress marker, ManualEvent manual, TimeProvider clock)
{
    private static readonly string[] SchedulerFields = ["scheduledTime", "executionId", "scheduleArn", "attemptNumber"];

    /// <summary>The parts of an event: each message of a queue, or the event itself.</summary>
    public IReadOnlyList<EventPart> Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            if (Records(json.RootElement) is [{ } first, ..] records && Text(first, "eventSource") == "aws:sqs")
            {
                return [.. records.Select(r => PartOf(Text(r, "messageId"), () => ReadText(Text(r, "body"))))];
            }

            return [PartOf(messageId: null, () => ReadEvent(json.RootElement))];
        }
        catch (JsonException exception)
        {
            return [new EventPart(null, [], Unknown("It is not JSON.", exception).Error)];
        }
    }

    /// <summary>The error of one message does not keep the other messages of a queue from their runs.</summary>
    private EventPart PartOf(string? messageId, Func<IEnumerable<RunRequest>> read)
    {
        try
        {
            var requests = read().Distinct().OrderBy(r => r.BusinessDate.Value).ToList();
            return new EventPart(messageId, requests, requests.Select(RefuseFuture).FirstOrDefault(e => e is not null));
        }
        catch (EtlException exception)
        {
            return new EventPart(messageId, [], exception.Error);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return new EventPart(messageId, [], Unknown("", exception).Error);
        }
    }

    private EtlError? RefuseFuture(RunRequest request)
    {
        var tomorrow = BusinessDate.At(clock.GetUtcNow(), zone).Value.AddDays(1);
        return request.BusinessDate.Value > tomorrow
            ? new EtlError(
                ErrorCode.Usage,
                $"The business date {request.BusinessDate} is after tomorrow.",
                "Correct the date of the event; its files cannot exist yet."
            )
            : null;
    }

    private IEnumerable<RunRequest> ReadText(string? message)
    {
        using var json = JsonDocument.Parse(message ?? "");
        return [.. ReadEvent(json.RootElement)];
    }

    private IEnumerable<RunRequest> ReadEvent(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Unknown("It is not a JSON object.");
        }

        if (manual.Read(root) is { } byHand)
        {
            return [byHand];
        }

        if (Text(root, "scheduledTime") is { } scheduled)
        {
            ManualEvent.RefuseUnknown(root, SchedulerFields);
            return [new RunRequest(DateAt(scheduled), AsOf: null, Trigger.Schedule)];
        }

        return (Text(root, "detail-type"), Text(root, "Type"), Text(root, "Event")) switch
        {
            ("Scheduled Event", _, _) => [new RunRequest(DateAt(Required(root, "time")), AsOf: null, Trigger.Schedule)],
            ("Object Created", _, _) => [OfMarker(Child(root, "detail"), Required(root, "time"), key => key)],
            (_, "Notification", _) => ReadText(Text(root, "Message")),
            (_, _, "s3:TestEvent") => [],
            _ => ReadRecords(root),
        };
    }

    /// <summary>Records of S3 or SNS.</summary>
    private IEnumerable<RunRequest> ReadRecords(JsonElement root)
    {
        var records = Records(root);
        if (records.Count == 0)
        {
            throw Unknown($"Its fields are {ManualEvent.NamesOf(root)}.");
        }

        if (Text(records[0], "EventSource") == "aws:sns")
        {
            return records.SelectMany(r => ReadText(Text(Child(r, "Sns"), "Message")));
        }

        // The bucket can report other objects in the same event.
        var read = records.Select(TryReadRecord).ToList();
        return read.Exists(r => r.Request is not null)
            ? read.Select(r => r.Request).OfType<RunRequest>()
            : throw read[0].Error!;
    }

    private (RunRequest? Request, EtlException? Error) TryReadRecord(JsonElement record)
    {
        var name = Text(record, "eventName") ?? "";
        if (!name.StartsWith("ObjectCreated:", StringComparison.Ordinal))
        {
            return (null, Unknown($"The event of S3 is {(name.Length == 0 ? "not named" : name)}, not ObjectCreated."));
        }

        try
        {
            // Keys in notifications are encoded as in a form; those of EventBridge are not.
            return (OfMarker(Child(record, "s3"), Required(record, "eventTime"), k => WebUtility.UrlDecode(k)), null);
        }
        catch (EtlException exception)
        {
            return (null, exception);
        }
    }

    private RunRequest OfMarker(JsonElement detail, string time, Func<string, string> decode)
    {
        var uri =
            $"s3://{Required(Child(detail, "bucket"), "name")}/{decode(Required(Child(detail, "object"), "key"))}";
        return marker.DateOf(uri, DateAt(time)) is { } date
            ? new RunRequest(date, AsOf: null, Trigger.Marker)
            : throw Unknown($"The object {uri} is not the marker of the source, {marker}.");
    }

    private BusinessDate DateAt(string time) =>
        BusinessDate.At(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), zone);

    private static List<JsonElement> Records(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("Records", out var records)
        && records.ValueKind == JsonValueKind.Array
            ? [.. records.EnumerateArray()]
            : [];

    private static JsonElement Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    private string Required(JsonElement element, string name) =>
        Text(element, name) ?? throw Unknown($"It has no {name}.");

    private static string? Text(JsonElement element, string name) =>
        Child(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private EtlException Unknown(string reason, Exception? cause = null) =>
        new(
            ErrorCode.Usage,
            $"Unknown event. {reason}".TrimEnd(),
            $$"""Send a schedule event, the event of the marker {{marker}}, or {"date":"yyyy-MM-dd","asOf":"yyyy-MM-dd","force":false}.""",
            retryable: false,
            cause
        );
}
