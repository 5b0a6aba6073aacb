using System.Diagnostics;
using System.Globalization;
using Etl.IntegrationTests.Aws;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>A function whose SNS endpoint accepts connections and never answers, for many days.</summary>
public sealed class HangingTopicTests(PostgresServer server)
{
    private const int Days = 15;

    [Fact]
    public async Task An_endpoint_that_hangs_costs_each_day_the_same_and_no_message_is_lost()
    {
        await using var topic = new HangingTopic();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = Start(place, topic, ("ETL__RUN__NOTIFYSECONDS", "1"));
        var first = await RunAsync(host, 1);
        for (var day = 2; day <= Days; day++)
        {
            // A second for all messages, and the work of a run on a busy machine.
            (await RunAsync(host, day)).ShouldBeLessThan(first + TimeSpan.FromSeconds(5));
        }

        topic.Hanging.ShouldBe(Days, "each start stops at the first message without an answer");
        topic.Repair();
        await host.SucceedAsync(Event(Days));

        topic.Subjects.Count.ShouldBe(Days, "once each, oldest first");
        topic.Subjects.Select(s => s.Split(' ')[1]).ShouldBe(Enumerable.Range(1, Days).Select(Date));
        (await place.QueryAsync<long>("select count(*) from etl.messages where sent_at is null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_uses_up_the_time_limit_of_a_function_does_not_keep_the_next_day_from_starting()
    {
        await using var topic = new HangingTopic();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = Start(
            place,
            topic,
            ("ETL__RUN__NOTIFYSECONDS", "120"),
            ("ETL__RUN__DEADLINEMARGINSECONDS", "2")
        );
        var limit = TimeSpan.FromSeconds(15);
        for (var day = 1; day <= 3; day++)
        {
            await host.InvokeAsync(Event(day), limit);
        }

        (await place.RowsAsync("(select business_date, status from etl.runs order by run_id)")).ShouldBe([
            "(2025-06-01,succeeded)",
            "(2025-06-02,succeeded)",
            "(2025-06-03,succeeded)",
        ]);
    }

    private static LambdaProcess Start(Workplace place, HangingTopic topic, params (string, string)[] more) =>
        LambdaProcess.Start(
            place,
            [
                .. CloudPlace.EnvironmentOf(new Uri(topic.Endpoint)).Select(e => (e.Key, e.Value)),
                ("ETL__NOTIFY__TOPICARN", "arn:aws:sns:us-east-1:000000000000:etl"),
                .. more,
            ]
        );

    private static async Task<TimeSpan> RunAsync(LambdaProcess host, int day)
    {
        var started = Stopwatch.GetTimestamp();
        var summary = await host.SucceedAsync(Event(day));
        summary.GetProperty("status").GetString().ShouldBe("succeeded");
        return Stopwatch.GetElapsedTime(started);
    }

    private static string Event(int day) => $$"""{"date":"{{Date(day)}}"}""";

    private static string Date(int day) => string.Create(CultureInfo.InvariantCulture, $"2025-06-{day:00}");
}
