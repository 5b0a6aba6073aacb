using System.Globalization;
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
internal sealed class EventReader(TimeZoneInfo zone, MarkerAddress marker, ManualEvent manual)
{
    private static readonly string[] SchedulerFields = ["scheduledTime", "executionId", "scheduleArn", "attemptNumber"];

    /// <summary>The parts of an event: each message of a queue, or the event itself.</summary>
    public IEnumerable<EventPart<RunRequest>> Read(ReadOnlyMemory<byte> payload) =>
        new EventEnvelope<RunRequest>(ReadEvent, Unknown)
            .Read(payload)
            .Select(part => part with { Requests = [.. part.Requests.OrderBy(r => r.BusinessDate.Value)] });

    private IEnumerable<RunRequest> ReadEvent(JsonElement root)
    {
        if (manual.Read(root) is { } byHand)
        {
            return [byHand];
        }

        if (root.Text("scheduledTime") is { } scheduled)
        {
            ManualEvent.RefuseUnknown(root, SchedulerFields);
            return [OfSchedule(scheduled)];
        }

        return root.Text("detail-type") == "Scheduled Event"
            ? [OfSchedule(root.Text("time") ?? throw Unknown("It has no time."))]
            : CreatedObject.Select(root, OfMarker, reason => Unknown(reason));
    }

    private RunRequest OfSchedule(string time) => new(DateAt(time), AsOf: null, Trigger.Schedule);

    private RunRequest OfMarker(CreatedObject created) =>
        marker.DateOf(created.Uri, DateAt(created.Time)) is { } date
            ? new RunRequest(date, AsOf: null, Trigger.Marker)
            : throw Unknown($"The object {created.Uri} is not the marker of the source, {marker}.");

    private BusinessDate DateAt(string time) =>
        BusinessDate.At(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), zone);

    private EtlException Unknown(string reason, Exception? cause = null) =>
        new(
            ErrorCode.Usage,
            $"Unknown event. {reason}".TrimEnd(),
            $$"""Send a schedule event, the event of the marker {{marker}}, or {"date":"yyyy-MM-dd","asOf":"yyyy-MM-dd","force":false}.""",
            retryable: false,
            cause
        );
}
