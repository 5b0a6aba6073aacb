using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Hosts.Lambda.Events;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class EventReaderTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_schedule_means_the_date_in_the_configured_time_zone() =>
        Read("""{"scheduledTime":"2026-03-28T23:30:00Z","executionId":"x"}""")
            .ShouldBe(new RunRequest(BusinessDate.Parse("2026-03-29"), null, Trigger.Schedule));

    [Fact]
    public void A_scheduled_event_of_a_rule_means_the_date_of_its_time() =>
        Read("""{"detail-type":"Scheduled Event","source":"aws.events","time":"2026-07-01T22:30:00Z","detail":{}}""")
            .ShouldBe(new RunRequest(BusinessDate.Parse("2026-07-02"), null, Trigger.Schedule));

    [Fact]
    public void A_manual_event_can_accept_fewer_rows_of_datasets() =>
        Read("""{"date":"2026-01-31","acceptShrunk":["orders","reviews"]}""")
            .AcceptShrunk.ShouldBe(["orders", "reviews"]);

    [Fact]
    public void A_manual_event_gives_date_as_of_and_force() =>
        Read("""{"date":"2026-01-31","asOf":"2026-02-15","force":true}""")
            .ShouldBe(
                new RunRequest(BusinessDate.Parse("2026-01-31"), new DateOnly(2026, 2, 15), Trigger.Manual, true)
            );

    [Theory]
    [InlineData(
        """{"Records":[{"eventSource":"aws:s3","eventTime":"2026-01-05T10:00:00Z","s3":{"object":{"key":"in/_SUCCESS"}}}]}"""
    )]
    [InlineData(
        """{"detail-type":"Object Created","source":"aws.s3","time":"2026-01-05T10:00:00Z","detail":{"object":{"key":"in/_SUCCESS"}}}"""
    )]
    public void A_marker_means_the_date_on_which_it_was_written(string json) =>
        Read(json).ShouldBe(new RunRequest(BusinessDate.Parse("2026-01-05"), null, Trigger.Marker));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"date":"tomorrow"}""")]
    [InlineData("""{"date":"2026-01-01","force":"yes"}""")]
    [InlineData("""{"scheduledTime":"noon"}""")]
    [InlineData("""{"Records":[]}""")]
    [InlineData("""{"Records":[{"s3":{"object":{"key":"in/orders.csv"}}, "eventTime":"2026-01-05T10:00:00Z"}]}""")]
    public void Any_other_event_is_refused_with_a_next_step(string json)
    {
        var error = Should.Throw<EtlException>(() => Read(json)).Error;
        error.Code.ShouldBe(ErrorCode.Usage);
        error.NextStep.ShouldContain("_SUCCESS");
    }

    [Fact]
    public void A_marker_has_the_configured_name()
    {
        const string json =
            """{"detail-type":"Object Created","time":"2026-01-05T10:00:00Z","detail":{"object":{"key":"in/_READY"}}}""";

        Read(json, "_READY").Trigger.ShouldBe(Trigger.Marker);
        Should.Throw<EtlException>(() => Read(json)).Error.Code.ShouldBe(ErrorCode.Usage);
    }

    [Fact]
    public void An_unknown_dataset_is_refused_with_the_known_ones() =>
        Should
            .Throw<EtlException>(() => Read("""{"date":"2026-01-31","acceptShrunk":["order"]}"""))
            .Error.NextStep.ShouldBe("Name one or more of orders, reviews, shipments.");

    private static RunRequest Read(string json, string marker = "_SUCCESS") =>
        new EventReader(Berlin, marker, DatasetCatalog.BuiltIn).Read(Encoding.UTF8.GetBytes(json));
}
