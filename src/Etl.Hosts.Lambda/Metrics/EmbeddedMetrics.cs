using System.Buffers;
using System.Text;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Hosts.Lambda.Metrics;

/// <summary>
/// The metrics of a run as a log line in CloudWatch's embedded metric format, which needs no API call and no permission.
/// </summary>
internal static class EmbeddedMetrics
{
    /// <summary>The dimension of Lambda's own metrics.</summary>
    private const string Dimension = "FunctionName";

    /// <summary>The period of the alarm that expects a success.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    /// <summary>The line; null where the invocation has no metrics.</summary>
    /// <remarks>
    /// A date that is already done counts as a success only if its run was published within the last day, for example when a
    /// person ran it before the schedule. A repeated older date has no metrics, and neither has a start that finds another run in
    /// progress.
    /// </remarks>
    /// <param name="summary">How the invocation ended.</param>
    /// <param name="function">The function's name: the dimension, so that each deployment of an account has its own metrics.</param>
    /// <param name="now">The time of the line.</param>
    public static string? LineOf(RunSummary summary, string function, DateTimeOffset now)
    {
        var metrics = summary.Status switch
        {
            SummaryStatus.InProgress => [],
            SummaryStatus.AlreadyDone => !summary.IsRolledBack && now - summary.PublishedAt <= Recent
                ? [new("RunSucceeded", "Count", 1), OutcomeReported(summary)]
                : [],
            _ => Of(summary).ToList(),
        };
        return metrics.Count == 0 ? null : Write(summary, metrics, function, now);
    }

    private static IEnumerable<Metric> Of(RunSummary summary)
    {
        yield return new("RunSucceeded", "Count", summary.Status == SummaryStatus.Succeeded ? 1 : 0);
        yield return OutcomeReported(summary);
        yield return new("RunDuration", "Milliseconds", (long)summary.Duration.TotalMilliseconds);
        yield return new("RowsRead", "Count", summary.Sources.Sum(s => s.Read));
        yield return new("RowsLoaded", "Count", summary.Sources.Sum(s => s.Loaded));
        yield return new("RowsQuarantined", "Count", summary.Sources.Sum(s => s.Rejected));
        yield return new("BytesRead", "Bytes", summary.Sources.Sum(s => s.Bytes));
        yield return new("PeakMemory", "Bytes", summary.Usage?.PeakMemoryBytes ?? 0);
    }

    /// <summary>
    /// Whether people know how the day ended: it has a date, and no message is unsent. The alarm watches this, so that a failure
    /// with a message has no alarm as well.
    /// </summary>
    private static Metric OutcomeReported(RunSummary summary) =>
        new(
            "OutcomeReported",
            "Count",
            summary.BusinessDate.Length > 0 && summary.Warnings.All(w => w.Kind != RunWarningKind.Message) ? 1 : 0
        );

    private static string Write(RunSummary summary, IReadOnlyList<Metric> metrics, string function, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("_aws");
            json.WriteNumber("Timestamp", now.ToUnixTimeMilliseconds());
            json.WriteStartArray("CloudWatchMetrics");
            WriteDirective(json, metrics);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteString(Dimension, function);
            json.WriteString("runId", summary.RunId);
            json.WriteString("businessDate", summary.BusinessDate);
            json.WriteString("status", JsonNamingPolicy.SnakeCaseLower.ConvertName(summary.Status.ToString()));
            json.WriteString("errorCode", summary.Error?.Code.Text());
            foreach (var metric in metrics)
            {
                json.WriteNumber(metric.Name, metric.Value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteDirective(Utf8JsonWriter json, IReadOnlyList<Metric> metrics)
    {
        json.WriteStartObject();
        json.WriteString("Namespace", "Etl");
        json.WriteStartArray("Dimensions");
        json.WriteStartArray();
        json.WriteStringValue(Dimension);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics");
        foreach (var metric in metrics)
        {
            json.WriteStartObject();
            json.WriteString("Name", metric.Name);
            json.WriteString("Unit", metric.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private readonly record struct Metric(string Name, string Unit, long Value);
}
