using System.Diagnostics;
using System.Diagnostics.Metrics;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Steps;

/// <summary>
/// Spans and metrics of the pipeline, under one name; docs/observability.md describes them. Without a listener a span is
/// null.
/// </summary>
public static class Signals
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Etl";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("etl.runs", "{run}");
    private static readonly Histogram<double> RunDuration = Meter.CreateHistogram<double>("etl.run.duration", "s");
    private static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>("etl.step.duration", "s");
    private static readonly Counter<long> RowsRead = Meter.CreateCounter<long>("etl.rows.read", "{row}");
    private static readonly Counter<long> RowsLoaded = Meter.CreateCounter<long>("etl.rows.loaded", "{row}");
    private static readonly Counter<long> RowsRejected = Meter.CreateCounter<long>("etl.rows.rejected", "{row}");
    private static readonly Counter<long> BytesRead = Meter.CreateCounter<long>("etl.bytes.read", "By");
    private static readonly Gauge<long> PeakMemory = Meter.CreateGauge<long>("etl.memory.peak", "By");
    private static readonly Gauge<long> LastSuccess = Meter.CreateGauge<long>("etl.last_success", "s");

    /// <summary>The span of an invocation; its run and state are added at the end.</summary>
    /// <param name="request">The request.</param>
    internal static Activity? StartRun(RunRequest request)
    {
        var parent = ActivityContext.TryParse(request.TraceParent, traceState: null, isRemote: true, out var context)
            ? context
            : default;
        return Source
            .StartActivity("run", ActivityKind.Consumer, parent)
            ?.SetTag("etl.business_date", request.BusinessDate.ToString())
            .SetTag("etl.trigger", request.Trigger.ToString());
    }

    internal static void EndRun(Activity? span, RunSummary summary, DateTimeOffset now)
    {
        var status = summary.Status.ToString();
        var tag = new KeyValuePair<string, object?>("etl.status", status);
        Runs.Add(1, tag);
        RunDuration.Record(summary.Duration.TotalSeconds, tag);
        if (summary.Usage is { } usage)
        {
            PeakMemory.Record(usage.PeakMemoryBytes);
        }

        if (summary.Status == SummaryStatus.Succeeded)
        {
            LastSuccess.Record(now.ToUnixTimeSeconds());
        }

        span?.SetTag("etl.run_id", summary.RunId).SetTag("etl.status", status);
        Fail(span, summary.Error);
    }

    internal static Activity? StartStep(IStepCommand command) =>
        Source
            .StartActivity(command.Step.ToString())
            ?.SetTag("etl.run_id", command.Run?.ToString())
            .SetTag("etl.step", command.Step.ToString())
            .SetTag("etl.attempt", command.Attempt);

    internal static void EndStep(Activity? span, Step step, TimeSpan duration, Exception? exception)
    {
        StepDuration.Record(
            duration.TotalSeconds,
            new KeyValuePair<string, object?>("etl.step", step.ToString()),
            new KeyValuePair<string, object?>("etl.succeeded", exception is null)
        );
        if (exception is not null)
        {
            Fail(span, (exception as EtlException)?.Error ?? new EtlError(ErrorCode.Internal, "", ""));
        }
    }

    internal static Activity? StartFile(RunId run, string dataset) =>
        Source.StartActivity("File")?.SetTag("etl.run_id", run.ToString()).SetTag("etl.dataset", dataset);

    /// <param name="span">The span of the files.</param>
    /// <param name="files">The files of one dataset.</param>
    internal static void EndFiles(Activity? span, IReadOnlyList<StagedFile> files)
    {
        var dataset = new KeyValuePair<string, object?>("etl.dataset", files[0].Dataset);
        RowsRead.Add(files.Sum(f => f.Read), dataset);
        RowsLoaded.Add(files.Sum(f => f.Loaded), dataset);
        BytesRead.Add(files.Sum(f => f.Bytes), dataset);
        foreach (var code in files.SelectMany(f => f.RejectsByCode).Where(c => c.Value > 0).GroupBy(c => c.Key))
        {
            var tag = new KeyValuePair<string, object?>("etl.reject_code", code.Key.Text());
            RowsRejected.Add(code.Sum(c => c.Value), dataset, tag);
        }

        span?.SetTag("etl.parts", files.Count(f => f.Uri.Length > 0))
            .SetTag("etl.rows.read", files.Sum(f => f.Read))
            .SetTag("etl.rows.loaded", files.Sum(f => f.Loaded))
            .SetTag("etl.rows.rejected", files.Sum(f => f.Rejected))
            .SetTag("etl.bytes.read", files.Sum(f => f.Bytes));
    }

    /// <summary>Only the code: a message names objects, and telemetry can leave the company.</summary>
    private static void Fail(Activity? span, EtlError? error)
    {
        if (error is not null)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Code.Text()).SetTag("error.type", error.Code.Text());
        }
    }
}
