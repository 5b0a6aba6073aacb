using System.Globalization;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;

namespace Etl.Hosts.Lambda.Events;

/// <summary>
/// Converts the event of an invocation into a request. The business date is the date of the event's own time in the configured
/// time zone, never of the clock, so a retry after midnight keeps the date.
/// </summary>
/// <param name="zone">The time zone of business dates.</param>
/// <param name="marker">Name of the object whose arrival means that the files of a day are complete.</param>
/// <param name="datasets">The datasets that an event can name.</param>
internal sealed class EventReader(TimeZoneInfo zone, string marker, DatasetCatalog datasets)
{
    /// <exception cref="EtlException">The event is not a supported one.</exception>
    public RunRequest Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                return ByHand(root) ?? Scheduler(root) ?? EventBridge(root) ?? Notification(root) ?? throw Unknown();
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw Unknown(exception);
        }

        throw Unknown();
    }

    /// <summary><c>{"date","asOf","force","acceptShrunk"}</c></summary>
    private RunRequest? ByHand(JsonElement root)
    {
        if (Text(root, "date") is not { } date)
        {
            return null;
        }

        return new RunRequest(
            BusinessDate.Parse(date),
            Text(root, "asOf") is { } asOf ? BusinessDate.Parse(asOf).Value : null,
            Trigger.Manual,
            root.TryGetProperty("force", out var force) && force.GetBoolean()
        )
        {
            AcceptShrunk = root.TryGetProperty("acceptShrunk", out var names)
                ? [.. names.EnumerateArray().Select(n => DatasetNamed(n.GetString()!))]
                : [],
        };
    }

    /// <summary><c>{"scheduledTime","executionId"}</c>, from the scheduler's context attributes.</summary>
    private RunRequest? Scheduler(JsonElement root) =>
        Text(root, "scheduledTime") is { } time ? At(time, Trigger.Schedule) : null;

    /// <summary>A scheduled event of a rule, or an object created event of the event bus.</summary>
    private RunRequest? EventBridge(JsonElement root)
    {
        if (Text(root, "time") is not { } time)
        {
            return null;
        }

        return Text(root, "detail-type") switch
        {
            "Scheduled Event" => At(time, Trigger.Schedule),
            "Object Created" when root.TryGetProperty("detail", out var detail) && IsMarker(detail) => At(
                time,
                Trigger.Marker
            ),
            _ => null,
        };
    }

    /// <summary>An object created event that the bucket sends directly.</summary>
    private RunRequest? Notification(JsonElement root)
    {
        if (!root.TryGetProperty("Records", out var records) || records.GetArrayLength() == 0)
        {
            return null;
        }

        var record = records[0];
        return record.TryGetProperty("s3", out var s3) && IsMarker(s3) && Text(record, "eventTime") is { } time
            ? At(time, Trigger.Marker)
            : null;
    }

    private bool IsMarker(JsonElement holder) =>
        holder.TryGetProperty("object", out var written)
        && Text(written, "key") is { } key
        && key.Split('/')[^1] is { Length: > 0 } name
        && name == marker;

    private RunRequest At(string time, Trigger trigger)
    {
        var timestamp = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new RunRequest(BusinessDate.At(timestamp, zone), AsOf: null, trigger);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private string DatasetNamed(string name) =>
        datasets.Find(name)?.Name
        ?? throw new EtlException(
            ErrorCode.Usage,
            "The event's acceptShrunk names an unknown dataset.",
            $"Name one or more of {string.Join(", ", datasets.All.Select(d => d.Name))}."
        );

    private EtlException Unknown(Exception? cause = null) =>
        new(
            ErrorCode.Usage,
            "Unknown event.",
            $$"""Send a schedule event, the event of the marker {{marker}}, or {"date":"yyyy-MM-dd","asOf":"yyyy-MM-dd","force":false}.""",
            retryable: false,
            cause
        );
}
