using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Hosts.Lambda.Metrics;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

/// <summary>Lines in the embedded metric format, read by the rules of its specification.</summary>
public sealed class EmbeddedMetricsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly string[] Units = ["Count", "Milliseconds", "Bytes"];

    [Fact]
    public void A_succeeded_run_writes_a_line_of_metrics()
    {
        var line = EmbeddedMetrics.LineOf(Summary(SummaryStatus.Succeeded), "shop-etl", Now)!;
        Read(line)
            .ShouldBe(
                new Dictionary<string, double>
                {
                    ["RunSucceeded"] = 1,
                    ["OutcomeReported"] = 1,
                    ["RunDuration"] = 1800,
                    ["RowsRead"] = 30,
                    ["RowsLoaded"] = 28,
                    ["RowsQuarantined"] = 2,
                    ["BytesRead"] = 3000,
                    ["PeakMemory"] = 90_000_000,
                },
                ignoreOrder: true
            );
    }

    [Theory]
    [InlineData(SummaryStatus.Failed)]
    [InlineData(SummaryStatus.TimedOut)]
    [InlineData(SummaryStatus.Cancelled)]
    public void A_run_without_success_counts_zero(SummaryStatus status) =>
        Read(EmbeddedMetrics.LineOf(Summary(status), "shop-etl", Now)!)["RunSucceeded"].ShouldBe(0);

    [Fact]
    public void An_error_before_any_run_counts_zero()
    {
        var summary = SummaryJson.OfError(new EtlError(ErrorCode.DatabaseUnreachable, "m", "n"), "2026-03-01");
        Read(EmbeddedMetrics.LineOf(summary, "shop-etl", Now)!)["RunSucceeded"].ShouldBe(0);
    }

    [Theory]
    [InlineData(SummaryStatus.Succeeded, RunWarningKind.Message, 0)]
    [InlineData(SummaryStatus.Succeeded, RunWarningKind.Report, 1)]
    [InlineData(SummaryStatus.Failed, RunWarningKind.Message, 0)]
    [InlineData(SummaryStatus.Failed, RunWarningKind.Report, 1)]
    public void An_outcome_is_reported_if_its_message_was_sent(
        SummaryStatus status,
        RunWarningKind warning,
        int reported
    )
    {
        var summary = Summary(status) with { Warnings = [new RunWarning(warning, "w")] };
        Read(EmbeddedMetrics.LineOf(summary, "shop-etl", Now)!)["OutcomeReported"].ShouldBe(reported);
    }

    [Fact]
    public void A_refused_event_reports_no_outcome()
    {
        var summary = SummaryJson.OfError(new EtlError(ErrorCode.Usage, "m", "n"));
        Read(EmbeddedMetrics.LineOf(summary, "shop-etl", Now)!)["OutcomeReported"].ShouldBe(0);
    }

    [Fact]
    public void A_start_that_finds_a_run_in_progress_has_no_metrics() =>
        EmbeddedMetrics.LineOf(Summary(SummaryStatus.InProgress), "shop-etl", Now).ShouldBeNull();

    [Theory]
    [InlineData(1, true)]
    [InlineData(24, true)]
    [InlineData(25, false)]
    [InlineData(24 * 40, false)]
    public void A_date_that_is_done_counts_only_within_a_day_of_its_publish(int hoursAgo, bool counts)
    {
        var summary = Summary(SummaryStatus.AlreadyDone) with { PublishedAt = Now.AddHours(-hoursAgo) };
        var line = EmbeddedMetrics.LineOf(summary, "shop-etl", Now);
        (line is not null).ShouldBe(counts);
        if (line is not null)
        {
            Read(line).ShouldBe(new Dictionary<string, double> { ["RunSucceeded"] = 1, ["OutcomeReported"] = 1 });
        }
    }

    /// <summary>The metrics of a line, as the platform finds them; whatever the specification forbids fails.</summary>
    internal static Dictionary<string, double> Read(string line)
    {
        line.ShouldNotContain("\n");
        System.Text.Encoding.UTF8.GetByteCount(line).ShouldBeLessThan(256 * 1024);
        var root = JsonDocument.Parse(line).RootElement;
        var aws = root.GetProperty("_aws");
        aws.GetProperty("Timestamp").GetInt64().ShouldBe(Now.ToUnixTimeMilliseconds());
        var directive = aws.GetProperty("CloudWatchMetrics").EnumerateArray().Single();
        directive.GetProperty("Namespace").GetString().ShouldBe("Etl");
        var dimensions = directive.GetProperty("Dimensions").EnumerateArray().Single().EnumerateArray().ToList();
        dimensions.Select(d => d.GetString()).ShouldBe(["FunctionName"]);
        // A dimension's target is a string member of the root, 1 to 1,024 characters long.
        root.GetProperty("FunctionName").GetString().ShouldBe("shop-etl");
        var metrics = directive.GetProperty("Metrics").EnumerateArray().ToList();
        metrics.Count.ShouldBeInRange(1, 100);
        metrics.Select(m => m.GetProperty("Unit").GetString()).ShouldAllBe(u => Units.Contains(u));
        return metrics.ToDictionary(
            m => m.GetProperty("Name").GetString()!,
            m => root.GetProperty(m.GetProperty("Name").GetString()!).GetDouble()
        );
    }

    private static RunSummary Summary(SummaryStatus status) =>
        new(
            "20260301-001",
            "2026-03-01",
            "2026-03-01",
            status,
            TimeSpan.FromMilliseconds(1800),
            [
                new FileRecord("orders", "s3://in/orders.csv", "v", "a", 1000, 10, 10, 0),
                new FileRecord("reviews", "s3://in/reviews.csv", "v", "a", 2000, 20, 18, 2),
            ],
            [],
            [],
            null,
            [],
            null
        )
        {
            Usage = new RunUsage(TimeSpan.FromMilliseconds(1800), 90_000_000),
        };
}
