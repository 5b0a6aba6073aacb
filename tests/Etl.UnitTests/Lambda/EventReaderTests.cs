using System.Text;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Hosts.Lambda.Events;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class EventReaderTests
{
    private const string Dated = "s3://shop/in/{date}";
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
    public void A_manual_event_can_roll_back_to_a_run() =>
        Read("""{"rollbackTo":"20260131-002"}""")
            .ShouldBe(
                new RunRequest(BusinessDate.Parse("2026-01-31"), Trigger: Trigger.Rollback)
                {
                    RollbackTo = RunId.Parse("20260131-002"),
                }
            );

    [Theory]
    [InlineData("""{"rollbackTo":"yesterday"}""", "The event's rollbackTo is not a run ID.")]
    [InlineData("""{"rollbackTo":7}""", "The event's rollbackTo is not a run ID.")]
    [InlineData("""{"rollbackTo":"20260131-002","date":"2026-01-31"}""", "The event has unknown fields: date.")]
    public void A_rollback_without_a_run_or_with_a_date_is_refused(string json, string message) =>
        ErrorOf(json).Message.ShouldBe(message);

    [Fact]
    public void A_manual_event_gives_date_as_of_and_force() =>
        Read("""{"date":"2026-01-31","asOf":"2026-02-15","force":true}""")
            .ShouldBe(
                new RunRequest(BusinessDate.Parse("2026-01-31"), new DateOnly(2026, 2, 15), Trigger.Manual, true)
            );

    [Theory]
    [InlineData("s3://shop/in")]
    [InlineData("s3://shop/in/")]
    [InlineData("S3://shop/in")]
    [InlineData("/mnt/in")]
    public void The_marker_of_a_source_without_date_means_the_date_on_which_it_was_written(string source)
    {
        var written = new RunRequest(BusinessDate.Parse("2026-01-06"), null, Trigger.Marker);
        Read(S3("in/_SUCCESS", "2026-01-05T23:30:00Z"), source).ShouldBe(written);
        Read(Bridge("in/_SUCCESS", "2026-01-05T23:30:00Z"), source).ShouldBe(written);
    }

    [Theory]
    [InlineData(Dated, "in/2022-09-05/_SUCCESS", "2022-09-05")]
    [InlineData("s3://shop/{date:yyyy/MM/dd}/x", "2022/09/05/x/_SUCCESS", "2022-09-05")]
    [InlineData("s3://shop/{date:yyyy}/{date:yyyyMMdd}", "2022/20220905/_SUCCESS", "2022-09-05")]
    [InlineData("s3://shop/in/{date:yyyy-MM}", "in/2026-01/_SUCCESS", "2026-01-06")]
    public void The_date_in_the_key_of_the_marker_is_the_business_date(string source, string key, string date)
    {
        // Ten minutes after midnight in Berlin.
        Read(S3(key, "2026-01-05T23:10:00Z"), source).BusinessDate.ToString().ShouldBe(date);
        Read(Bridge(key, "2026-01-05T23:10:00Z"), source).BusinessDate.ToString().ShouldBe(date);
    }

    [Theory]
    [InlineData("in/_SUCCESS")]
    [InlineData("in/2026-01-05/orders.csv")]
    [InlineData("in/2026-01-05/old/_SUCCESS")]
    [InlineData("in/2026-13-05/_SUCCESS")]
    [InlineData("in/20260105/_SUCCESS")]
    [InlineData("out/2026-01-05/_SUCCESS")]
    public void Any_other_object_of_the_bucket_is_refused(string key)
    {
        foreach (var json in new[] { S3(key), Bridge(key) })
        {
            var error = ErrorOf(json, Dated);
            error.Code.ShouldBe(ErrorCode.Usage);
            error.Message.ShouldContain($"s3://shop/{key} is not the marker of the source, {Dated}/_SUCCESS");
        }
    }

    [Fact]
    public void The_marker_of_another_bucket_is_refused()
    {
        ErrorOf(S3("in/2026-01-05/_SUCCESS", bucket: "other"), Dated).Message.ShouldContain("s3://other/in/");
        ErrorOf(Bridge("in/2026-01-05/_SUCCESS", bucket: "other"), Dated).Message.ShouldContain("s3://other/in/");
    }

    [Fact]
    public void The_removal_of_a_marker_is_refused() =>
        ErrorOf(S3("in/2026-01-05/_SUCCESS", name: "ObjectRemoved:Delete"), Dated)
            .Message.ShouldContain("ObjectRemoved:Delete, not ObjectCreated");

    [Fact]
    public void The_marker_need_not_be_the_first_record_and_each_marker_is_a_run()
    {
        var records = new[]
        {
            Record("in/2026-01-05/orders.csv"),
            Record("in/2026-01-06/_SUCCESS"),
            Record("in/2026-01-05/_SUCCESS"),
            Record("in/2026-01-06/_SUCCESS"),
        };
        Part($$"""{"Records":[{{string.Join(',', records)}}]}""", Dated)
            .Requests.Select(r => r.BusinessDate.ToString())
            .ShouldBe(["2026-01-05", "2026-01-06"]);
    }

    [Fact]
    public void The_key_in_a_notification_is_decoded() =>
        Read(S3("my+in/a%2Bb/_SUCCESS"), "s3://shop/my in/a+b").Trigger.ShouldBe(Trigger.Marker);

    [Fact]
    public void A_marker_has_the_configured_name()
    {
        Read(Bridge("in/_READY"), "s3://shop/in", "_READY").Trigger.ShouldBe(Trigger.Marker);
        ErrorOf(Bridge("in/_READY"), "s3://shop/in").Code.ShouldBe(ErrorCode.Usage);
    }

    [Fact]
    public void Events_are_understood_in_messages_of_SNS_and_of_queues()
    {
        var marker = S3("in/2026-01-05/_SUCCESS");
        var schedule = """{"scheduledTime":"2026-01-05T10:00:00Z"}""";
        var envelope = $$"""{"Type":"Notification","MessageId":"n","Message":{{Quoted(marker)}}}""";
        string[] events =
        [
            Sns(marker),
            Sns(Bridge("in/2026-01-05/_SUCCESS")),
            Sqs(marker),
            Sqs(Bridge("in/2026-01-05/_SUCCESS")),
            Sqs(envelope),
            Sqs(schedule),
            Sqs("""{"date":"2026-01-05"}"""),
        ];
        events.Select(e => Read(e, Dated).BusinessDate.ToString()).ShouldAllBe(d => d == "2026-01-05");
    }

    [Fact]
    public void Each_message_of_a_queue_has_its_own_requests_or_its_own_error()
    {
        var parts = Parts(Sqs(S3("in/2026-01-05/_SUCCESS"), "nonsense", S3("in/orders.csv")), Dated);
        parts.Select(p => p.MessageId).ShouldBe(["m-0", "m-1", "m-2"]);
        parts.Select(p => p.Requests.Count).ShouldBe([1, 0, 0]);
        parts.Select(p => p.Error?.Code).ShouldBe([null, ErrorCode.Usage, ErrorCode.Usage]);
    }

    [Fact]
    public void The_test_message_of_a_bucket_requests_nothing()
    {
        const string test =
            """{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-05T10:00:00Z","Bucket":"shop"}""";
        foreach (var json in new[] { test, Sqs(test), Sns(test) })
        {
            var part = Part(json, Dated);
            (part.Requests.Count, part.Error).ShouldBe((0, null));
        }
    }

    [Theory]
    [InlineData("""{"date":"2026-01-05","forced":true,"asof":"2026-01-05"}""", "forced, asof")]
    [InlineData("""{"scheduledTime":"2026-01-05T10:00:00Z","force":true}""", "force")]
    public void Unknown_fields_are_named(string json, string names)
    {
        var error = ErrorOf(json);
        (error.Code, error.Message).ShouldBe((ErrorCode.Usage, $"The event has unknown fields: {names}."));
        error.NextStep.ShouldStartWith("Use only ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"day":"2026-01-01","secret":"x"}""", "Its fields are day, secret.")]
    [InlineData("""{"date":"tomorrow"}""")]
    [InlineData("""{"date":20260101}""")]
    [InlineData("""{"date":"2026-01-01","force":"yes"}""")]
    [InlineData("""{"scheduledTime":"noon"}""")]
    [InlineData("""{"Records":[]}""")]
    [InlineData("""{"Records":[1]}""")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs","messageId":"m"}]}""")]
    [InlineData("""{"Records":[{"EventSource":"aws:sns","Sns":{}}]}""")]
    [InlineData("""{"detail-type":"Object Created","time":"2026-01-05T10:00:00Z"}""", "It has no name.")]
    [InlineData("""{"detail-type":"Object Deleted","time":"2026-01-05T10:00:00Z"}""")]
    public void Any_other_event_is_refused_with_a_next_step(string json, string reason = "")
    {
        var error = ErrorOf(json);
        error.Code.ShouldBe(ErrorCode.Usage);
        error.Message.ShouldStartWith("Unknown event.");
        error.Message.ShouldContain(reason);
        error.NextStep.ShouldContain("_SUCCESS");
    }

    [Fact]
    public void An_unknown_dataset_is_refused_with_the_known_ones() =>
        ErrorOf("""{"date":"2026-01-31","acceptShrunk":["order"]}""")
            .NextStep.ShouldBe("Name one or more of orders, reviews, shipments.");

    private static string Record(
        string key,
        string time = "2026-01-05T10:00:00Z",
        string bucket = "shop",
        string name = "ObjectCreated:Put"
    ) =>
        $$"""
            {"eventSource":"aws:s3","eventTime":"{{time}}","eventName":"{{name}}",
             "s3":{"bucket":{"name":"{{bucket}}"},"object":{"key":"{{key}}"} } }
            """;

    private static string S3(
        string key,
        string time = "2026-01-05T10:00:00Z",
        string bucket = "shop",
        string name = "ObjectCreated:Put"
    ) => $$"""{"Records":[{{Record(key, time, bucket, name)}}]}""";

    private static string Bridge(string key, string time = "2026-01-05T10:00:00Z", string bucket = "shop") =>
        $$"""
            {"detail-type":"Object Created","source":"aws.s3","time":"{{time}}",
             "detail":{"bucket":{"name":"{{bucket}}"},"object":{"key":"{{key}}"} } }
            """;

    private static string Sns(string message) =>
        $$"""{"Records":[{"EventSource":"aws:sns","Sns":{"Type":"Notification","Message":{{Quoted(message)}} } }]}""";

    private static string Sqs(params string[] bodies)
    {
        var records = bodies.Select(
            (b, i) => $$"""{"messageId":"m-{{i}}","eventSource":"aws:sqs","body":{{Quoted(b)}}}"""
        );
        return $$"""{"Records":[{{string.Join(',', records)}}]}""";
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static RunRequest Read(string json, string source = Dated, string marker = "_SUCCESS")
    {
        var part = Part(json, source, marker);
        part.Error.ShouldBeNull();
        return part.Requests.ShouldHaveSingleItem();
    }

    private static EtlError ErrorOf(string json, string source = Dated) => Part(json, source).Error.ShouldNotBeNull();

    private static EventPart<RunRequest> Part(string json, string source, string marker = "_SUCCESS") =>
        Parts(json, source, marker).ShouldHaveSingleItem();

    private static List<EventPart<RunRequest>> Parts(string json, string source, string marker = "_SUCCESS") =>
        [
            .. new EventReader(Berlin, new MarkerAddress(source, marker), new ManualEvent(DatasetCatalog.BuiltIn)).Read(
                Encoding.UTF8.GetBytes(json)
            ),
        ];
}
