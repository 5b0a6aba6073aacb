using System.Text.Json;
using Etl.Application.Errors;

namespace Etl.Hosts.Lambda.Events;

/// <summary>Unwraps what SQS and SNS deliver, to the events that they contain.</summary>
/// <typeparam name="T">What an event requests.</typeparam>
/// <param name="read">Reads one event.</param>
/// <param name="unknown">The error of an event with this reason.</param>
internal sealed class EventEnvelope<T>(
    Func<JsonElement, IEnumerable<T>> read,
    Func<string, Exception?, EtlException> unknown
)
{
    /// <summary>The parts of an event: each message of a queue, or the event itself.</summary>
    public IReadOnlyList<EventPart<T>> Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            if (json.RootElement.Records() is [{ } first, ..] records && first.Text("eventSource") == "aws:sqs")
            {
                return [.. records.Select(r => PartOf(r.Text("messageId"), () => ReadText(r.Text("body"))))];
            }

            return [PartOf(messageId: null, () => ReadEvent(json.RootElement))];
        }
        catch (JsonException exception)
        {
            return [new EventPart<T>(null, [], unknown("It is not JSON.", exception).Error)];
        }
    }

    /// <summary>The error of one message does not keep the other messages of a queue from their requests.</summary>
    private EventPart<T> PartOf(string? messageId, Func<IEnumerable<T>> requests)
    {
        try
        {
            return new EventPart<T>(messageId, [.. requests().Distinct()]);
        }
        catch (EtlException exception)
        {
            return new EventPart<T>(messageId, [], exception.Error);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return new EventPart<T>(messageId, [], unknown("", exception).Error);
        }
    }

    private IEnumerable<T> ReadText(string? message)
    {
        using var json = JsonDocument.Parse(message ?? "");
        return [.. ReadEvent(json.RootElement)];
    }

    private IEnumerable<T> ReadEvent(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw unknown("It is not a JSON object.", null);
        }

        if (root.Text("Type") == "Notification")
        {
            return ReadText(root.Text("Message"));
        }

        var records = root.Records();
        return root.Text("Event") == "s3:TestEvent" ? []
            : records is [{ } first, ..] && first.Text("EventSource") == "aws:sns"
                ? records.SelectMany(r => ReadText(r.Child("Sns").Text("Message")))
            : read(root);
    }
}
