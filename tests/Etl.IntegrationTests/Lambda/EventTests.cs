using System.Text.Json;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>What may invoke the function, each on a real run in a real process.</summary>
public sealed class EventTests(PostgresServer server)
{
    private const string Connections =
        "select count(*) from pg_stat_activity where application_name = 'etl' and datname = current_database()";

    /// <summary>Half past eleven at night in UTC is the next day in the zone that these hosts are set to.</summary>
    [Theory]
    [InlineData("schedule", """{"scheduledTime":"2025-06-29T23:30:00Z","executionId":"e-1"}""")]
    [InlineData(
        "schedule",
        """
            {"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.events","account":"000000000000",
             "time":"2025-06-29T23:30:00Z","region":"eu-central-1","resources":["arn:aws:events:::rule/daily"],"detail":{}}
            """
    )]
    [InlineData(
        "marker",
        """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-central-1",
             "eventTime":"2025-06-29T23:30:00.000Z","eventName":"ObjectCreated:Put",
             "s3":{"bucket":{"name":"shop"},"object":{"key":"incoming/_SUCCESS","size":0,"eTag":"d41d8cd9"}}}]}
            """
    )]
    [InlineData(
        "marker",
        """
            {"version":"0","id":"1","detail-type":"Object Created","source":"aws.s3","time":"2025-06-29T23:30:00Z",
             "detail":{"bucket":{"name":"shop"},"object":{"key":"incoming/_SUCCESS","size":0},"reason":"PutObject"}}
            """
    )]
    [InlineData("manual", """{"date":"2025-06-30"}""")]
    public async Task Each_event_runs_its_date_in_the_configured_time_zone(string trigger, string payload)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place, ("ETL__SCHEDULE__TIMEZONE", "Europe/Berlin"));

        var summary = await host.SucceedAsync(payload);

        summary.GetProperty("status").GetString().ShouldBe("succeeded");
        summary.GetProperty("runId").GetString().ShouldBe("20250630-001");
        summary.GetProperty("asOf").GetString().ShouldBe(Workplace.Day);
        summary.GetProperty("sources").EnumerateArray().Sum(s => s.GetProperty("loaded").GetInt64()).ShouldBe(5000);
        (await place.RowsAsync("(select run_id, trigger, status from etl.runs)")).ShouldBe([
            $"(20250630-001,{trigger},succeeded)",
        ]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        place.Exported("20250630-001").Keys.ShouldContain("manifest.json");
    }

    [Fact]
    public async Task Events_in_messages_of_a_topic_and_of_a_queue_run_their_dates()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        const string Marker = """
            {"Records":[{"eventSource":"aws:s3","eventTime":"2025-06-29T10:00:00Z","eventName":"ObjectCreated:Put",
             "s3":{"bucket":{"name":"shop"},"object":{"key":"in/_SUCCESS"} } }]}
            """;
        var topic = $$"""
            {"Records":[{"EventSource":"aws:sns","Sns":{"Message":{{JsonSerializer.Serialize(Marker)}} } }]}
            """;
        var notification = $$"""
            {"Type":"Notification","Message":{{JsonSerializer.Serialize(
                """{"scheduledTime":"2025-06-30T10:00:00Z"}"""
            )}} }
            """;
        var queue = $$"""
            {"Records":[{"messageId":"m","eventSource":"aws:sqs","body":{{JsonSerializer.Serialize(notification)}} }]}
            """;

        (await host.SucceedAsync(topic)).GetProperty("runId").GetString().ShouldBe("20250629-001");
        (await host.SucceedAsync(queue)).GetRawText().ShouldBe("""{"batchItemFailures":[]}""");

        (await place.RowsAsync("(select run_id, trigger from etl.runs)")).ShouldBe([
            "(20250629-001,marker)",
            "(20250630-001,schedule)",
        ]);
    }

    [Fact]
    public async Task Objects_other_than_the_marker_and_dates_that_no_run_can_have_start_no_run()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(
            place,
            ("ETL__SOURCE__URI", "s3://shop/in/{date}"),
            ("AWS_REGION", "eu-central-1")
        );
        static string Object(string bucket, string key, string name = "ObjectCreated:Put") =>
            $$"""
                {"Records":[{"eventSource":"aws:s3","eventTime":"2025-06-30T10:00:00Z","eventName":"{{name}}",
                 "s3":{"bucket":{"name":"{{bucket}}"},"object":{"key":"{{key}}"} } }]}
                """;
        (string Event, string Reason)[] refused =
        [
            (
                Object("shop", "in/2025-06-30/_SUCCESS", "ObjectRemoved:Delete"),
                "ObjectRemoved:Delete, not ObjectCreated"
            ),
            (Object("shop", "out/2025-06-30/_SUCCESS"), "is not the marker of the source"),
            (Object("other", "in/2025-06-30/_SUCCESS"), "is not the marker of the source"),
            (Object("shop", "in/2999-01-01/_SUCCESS"), "is after tomorrow"),
            ("""{"date":"2999-01-01"}""", "is after tomorrow"),
            ("""{"date":"0001-01-01"}""", "is before 1900-01-01"),
            ("""{"date":"2025-06-30","asOf":"9999-12-31"}""", "is not from 1900-01-01"),
            ("""{"scheduledTime":"0001-01-01T00:00:00Z"}""", "is before 1900-01-01"),
            (Object("shop", "in/0001-01-01/_SUCCESS"), "is before 1900-01-01"),
            ("""{"scheduledTime":"2025-06-30T10:00:00Z","force":true}""", "unknown fields: force"),
        ];

        foreach (var (payload, reason) in refused)
        {
            (await host.FailAsync(payload, "Usage")).ShouldContain(reason);
        }

        (await place.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(0);
        (await place.QueryAsync<long>("select count(*) from etl.starts")).ShouldBe(0);
    }

    [Fact]
    public async Task A_manual_event_sets_the_as_of_date_and_can_replace_a_run()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);

        await host.SucceedAsync("""{"date":"2025-06-30"}""");
        var forced = await host.SucceedAsync("""{"date":"2025-06-30","asOf":"2025-07-15","force":true}""");

        forced.GetProperty("runId").GetString().ShouldBe("20250630-002");
        forced.GetProperty("asOf").GetString().ShouldBe("2025-07-15");
        (await place.RowsAsync("(select run_id, status from etl.runs)")).ShouldBe([
            "(20250630-001,superseded)",
            "(20250630-002,succeeded)",
        ]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"hello":"world"}""")]
    [InlineData("""{"date":"tomorrow"}""")]
    [InlineData("""{"detail-type":"Object Created","time":"2025-06-30T01:00:00Z"}""")]
    [InlineData("""{"Records":[{"eventTime":"2025-06-30T01:00:00Z","s3":{"object":{"key":"incoming/orders.csv"}}}]}""")]
    public async Task A_bad_event_is_refused_with_a_next_step_and_the_process_continues(string payload)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);

        var refused = await host.FailAsync(payload, "Usage");
        var summary = await host.SucceedAsync("""{"date":"2025-06-30"}""");

        refused.ShouldContain("Unknown event.");
        refused.ShouldContain("""{"date":"yyyy-MM-dd",""");
        summary.GetProperty("status").GetString().ShouldBe("succeeded");
        (await place.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(1);
    }

    [Fact]
    public async Task Messages_of_a_queue_that_fail_are_delivered_again_and_the_others_are_not()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        static string Message(string id, string body) =>
            $$"""{"messageId":"{{id}}","eventSource":"aws:sqs","body":{{JsonSerializer.Serialize(body)}} }""";
        var good = Message("good", """{"date":"2025-06-30"}""");
        var bad = Message("bad", """{"date":"2025-06-30","forced":true}""");

        var some = await host.SucceedAsync($$"""{"Records":[{{bad}},{{good}}]}""");
        var none = await host.SucceedAsync($$"""{"Records":[{{good}}]}""");
        var all = await host.FailAsync($$"""{"Records":[{{bad}}]}""", "Usage");

        some.GetRawText().ShouldBe("""{"batchItemFailures":[{"itemIdentifier":"bad"}]}""");
        none.GetRawText().ShouldBe("""{"batchItemFailures":[]}""");
        all.ShouldContain("unknown fields: forced");
        (await place.RowsAsync("(select run_id, trigger, status from etl.runs)")).ShouldBe([
            "(20250630-001,manual,succeeded)",
        ]);
    }

#if !AWS_PACKAGES // The package ends the process, and Lambda starts another one.
    [Fact]
    public async Task A_response_that_Lambda_refuses_for_its_size_fails_the_invocation_and_the_process_continues()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        // The identifier returns in the response, in six bytes for each of these characters.
        var large = $$"""
            {"Records":[{"messageId":"{{new string('é', 1_100_000)}}","eventSource":"aws:sqs","body":"not JSON"},
             {"messageId":"good","eventSource":"aws:sqs","body":"{\"date\":\"2025-06-30\"}"}]}
            """;

        var answer = await host.InvokeAsync(large);
        var next = await host.SucceedAsync("""{"date":"2025-06-30"}""");

        (answer.Succeeded, answer.ErrorType).ShouldBe((false, "Function.ResponseSizeTooLarge"));
        next.GetProperty("status").GetString().ShouldBe("already_done", "the run itself succeeded");
    }
#endif

    [Fact]
    public async Task Markers_of_several_days_in_one_event_are_several_runs()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        static string Record(string day) =>
            $$"""
                {"eventSource":"aws:s3","eventTime":"{{day}}T10:00:00Z","eventName":"ObjectCreated:Put",
                 "s3":{"bucket":{"name":"shop"},"object":{"key":"in/_SUCCESS"} } }
                """;

        var answer = await host.SucceedAsync($$"""{"Records":[{{Record("2025-06-30")}},{{Record("2025-06-29")}}]}""");

        answer
            .GetProperty("runs")
            .EnumerateArray()
            .Select(r => r.GetProperty("runId").GetString())
            .ShouldBe(["20250629-001", "20250630-001"]);
    }

    [Fact]
    public async Task A_failed_run_fails_the_invocation_with_cause_and_next_step()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        File.Delete(place.SourceFile("reviews.csv"));
        await using var host = LambdaProcess.Start(place);

        var message = await host.FailAsync("""{"date":"2025-06-30"}""", "SourceMissing");

        message.ShouldStartWith("Run 20250630-001 of 2025-06-30 failed: ");
        message.ShouldContain("reviews.csv");
        message.ShouldContain("Next: ");
        (await place.RowsAsync("(select status, error_code from etl.runs)")).ShouldBe(["(failed,source_missing)"]);
    }

    [Fact]
    public async Task An_unexpected_error_fails_the_invocation_by_its_type_and_the_log_has_its_stack()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        await host.SucceedAsync("""{"date":"2025-06-30"}""");
        await place.ExecuteAsync(
            "alter table etl.runs drop constraint if exists runs_trigger_check; update etl.runs set trigger = 'secret'"
        );

        var answer = await host.InvokeAsync("""{"date":"2025-06-30"}""");

        answer.ErrorType.ShouldBe(LambdaProcess.TypeOf("Internal"), answer.Body);
        answer.Body.ShouldContain("The program itself failed (ArgumentException). Next: ", Case.Sensitive);
        answer.Body.ShouldNotContain("secret", Case.Sensitive);
        await host.TerminateAsync();
        var lines = (await host.EndAsync()).Out.Split('\n');
        var line = lines.Where(l => l.Contains("\"level\":\"ERROR\"", StringComparison.Ordinal)).ShouldHaveSingleItem();
        var entry = JsonDocument.Parse(line).RootElement;
        entry.GetProperty("requestId").GetString().ShouldBe("request-2");
        entry.GetProperty("errorCode").GetString().ShouldBe("internal");
        entry.GetProperty("exception").GetString()!.ShouldContain("   at Etl.", Case.Sensitive);
    }

    [Fact]
    public async Task A_second_date_runs_in_the_same_process_without_a_connection_in_between()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place);
        await host.SucceedAsync("""{"date":"2025-06-29"}""");
        await Until.TrueAsync(
            async () => await place.QueryAsync<long>(Connections) == 0,
            "A host that may be frozen keeps connections, which die meanwhile.",
            TimeSpan.FromSeconds(20) // The pool keeps an idle connection for 300 s.
        );

        var second = await host.SucceedAsync("""{"date":"2025-06-30"}""");

        second.GetProperty("runId").GetString().ShouldBe("20250630-001");
        (await place.QueryAsync<string>("select max(run_id) from staging.orders")).ShouldBe("20250630-001");
    }
}
