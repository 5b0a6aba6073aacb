using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Telemetry.Lineage;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Telemetry;

public sealed class RunEventTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 4, 0, 0, TimeSpan.FromHours(2));
    private static readonly RunEvent Events = new(
        "shop",
        DatasetCatalog.BuiltIn,
        MartFiles.BuiltIn,
        new SchemaOptions { Analytics = "marts" },
        test => test == "totals_differ" ? ["orders", "daily_orders"] : ["shipments"],
        (schema, t) => new DatasetName("postgres://db:5432", $"shop.{schema}.{t}")
    );

    [Theory]
    [InlineData(SummaryStatus.Succeeded, "COMPLETE")]
    [InlineData(SummaryStatus.Failed, "FAIL")]
    [InlineData(SummaryStatus.TimedOut, "FAIL")]
    [InlineData(SummaryStatus.Cancelled, "ABORT")]
    public void Each_outcome_is_an_event_that_matches_the_specification(SummaryStatus status, string type)
    {
        var error =
            status == SummaryStatus.Succeeded ? null : new EtlError(ErrorCode.Internal, "It failed.", "Correct it.");
        var end = Parse(Events.End(NewRun(), Summary(status, error), At).ToJsonString());
        LineageShape.Check(end);
        end.GetProperty("eventType").GetString().ShouldBe(type);
        end.GetProperty("eventTime").GetDateTimeOffset().UtcDateTime.ShouldBe(At.UtcDateTime);
        end.GetProperty("job").GetProperty("namespace").GetString().ShouldBe("shop");
        var facets = end.GetProperty("run").GetProperty("facets");
        facets.TryGetProperty("errorMessage", out _).ShouldBe(error is not null);
        facets.GetProperty("etl_run").GetProperty("status").GetString().ShouldBe(status.ToString());
    }

    [Fact]
    public void A_source_file_has_its_data_tests_and_row_count()
    {
        var summary = Summary(SummaryStatus.Failed, new EtlError(ErrorCode.DataTest, "m", "n")) with
        {
            Tests =
            [
                new DataTestResult("totals_differ", Severity.Error, 3, "totals"),
                new DataTestResult("order_of_shipment", Severity.Warn, 0, "order"),
            ],
        };
        var end = Parse(Events.End(NewRun(), summary, At).ToJsonString());
        LineageShape.Check(end);
        var orders = end.GetProperty("inputs").EnumerateArray().Single();
        (orders.GetProperty("namespace").GetString(), orders.GetProperty("name").GetString()).ShouldBe(
            ("s3://in", "day/orders.csv")
        );
        var quality = orders.GetProperty("inputFacets");
        quality.GetProperty("dataQualityMetrics").GetProperty("rowCount").GetInt64().ShouldBe(10);
        var test = quality.GetProperty("dataQualityAssertions").GetProperty("assertions").EnumerateArray().Single();
        (test.GetProperty("assertion").GetString(), test.GetProperty("success").GetBoolean()).ShouldBe(
            ("totals_differ", false)
        );
        end.TryGetProperty("outputs", out _).ShouldBeFalse("nothing was published");
    }

    [Fact]
    public void The_run_id_of_an_event_is_unique_per_namespace_run_and_attempt()
    {
        var run = NewRun();
        var start = Parse(Events.Start(run, At).ToJsonString());
        LineageShape.Check(start);
        start.GetProperty("run").GetProperty("runId").GetGuid().ShouldBe(RunEvent.IdOf("shop", NewRun()));
        RunEvent.IdOf("other", run).ShouldNotBe(RunEvent.IdOf("shop", run));
        run.TakeOver("another host", At, run.AsOf);
        RunEvent.IdOf("shop", run).ShouldNotBe(RunEvent.IdOf("shop", NewRun()));
        $"{RunEvent.IdOf("shop", run)}"[14].ShouldBe('8', "a version of one's own, by RFC 9562");
    }

    private static Run NewRun() =>
        new(RunId.Parse("20260301-001"), new DateOnly(2026, 3, 1), Trigger.Schedule, false, At);

    private static RunSummary Summary(SummaryStatus status, EtlError? error) =>
        new(
            "20260301-001",
            "2026-03-01",
            "2026-03-01",
            status,
            TimeSpan.FromSeconds(2),
            [new FileRecord("orders", "s3://in/day/orders.csv", "v1", "aa", 1000, 10, 9, 1)],
            [],
            [],
            null,
            [],
            error
        );

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
