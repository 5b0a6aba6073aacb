using System.Text;
using System.Text.Json;
using Etl.IntegrationTests.Aws;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>Messages by way of a bucket: a run writes them, and the relay publishes each once.</summary>
public sealed class RelayTests(PostgresServer postgres, MotoServer moto)
{
    private const string Key = "20250630-001/Success";

    private const string Message = """
        {"subject":"Etl 2025-06-30 succeeded","body":"Succeeded.\n\u00fcber","attributes":{"outcome":"success"}}
        """;

    [Fact]
    public async Task A_run_writes_its_message_to_the_bucket_and_the_relay_publishes_it_once()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        string[] way = ["--Etl:Notify:TopicArn=", $"--Etl:Notify:MessagesUri=s3://{cloud.Bucket.Name}/lake/messages/"];
        (await cloud.RunAsync(way)).ExitCode.ShouldBe(0);
        (await cloud.RunAsync(way)).Json.GetProperty("status").GetString().ShouldBe("already_done");

        (await cloud.Bucket.KeysAsync("lake/messages/")).ShouldBe([$"lake/messages/{Key}.json"]);
        (await cloud.Topic.TakeAsync()).ShouldBeEmpty();
        await using var relay = Relay(cloud.Bucket, cloud.Topic, "lake/messages");
        var answer = await relay.SucceedAsync(S3(cloud.Bucket, $"lake/messages/{Key}.json"));
        var again = await relay.SucceedAsync(S3(cloud.Bucket, $"lake/messages/{Key}.json"));

        StatusOf(answer).ShouldBe("published");
        StatusOf(again).ShouldBe("already_sent");
        var published = (await cloud.Topic.TakeAsync()).ShouldHaveSingleItem();
        published.Subject.ShouldBe("Etl 2025-06-30 succeeded, 5,000 rows");
        published.Text.ShouldContain("orders: 2,000");
        published.Attributes.ShouldBe(
            new Dictionary<string, string>
            {
                ["outcome"] = "success",
                ["pipeline"] = "etl",
                ["business_date"] = Workplace.Day,
            },
            ignoreOrder: true
        );
        StatusOf(await relay.SucceedAsync(S3(cloud.Bucket, $"lake/messages/sent/{Key}"))).ShouldBe("ignored");
    }

    [Fact]
    public async Task Each_kind_of_event_relays_its_message()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var relay = Relay(bucket, topic);
        for (var i = 1; i <= 5; i++)
        {
            await bucket.PutAsync($"messages/2025-06-0{i}/a b.json", Encoding.UTF8.GetBytes(Message));
        }

        StatusOf(await relay.SucceedAsync(S3(bucket, "messages/2025-06-01/a+b.json"))).ShouldBe("published");
        StatusOf(await relay.SucceedAsync(Bridge(bucket, "messages/2025-06-02/a b.json"))).ShouldBe("published");
        var sns = $$"""
            {"Records":[{"EventSource":"aws:sns","Sns":{"Message":{{Quoted(
                S3(bucket, "messages/2025-06-03/a+b.json")
            )}} } }]}
            """;
        StatusOf(await relay.SucceedAsync(sns)).ShouldBe("published");
        var queue = Sqs(
            S3(bucket, "messages/2025-06-04/a+b.json"),
            S3(bucket, "other/2025-06-04/a+b.json"),
            Bridge(bucket, "messages/2025-06-05/a b.json")
        );
        (await relay.SucceedAsync(queue)).GetRawText().ShouldBe("""{"batchItemFailures":[{"itemIdentifier":"m-1"}]}""");
        (await relay.SucceedAsync("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}"""))
            .GetRawText()
            .ShouldBe("""{"messages":[]}""");

        var published = await topic.TakeAsync();
        published.Count.ShouldBe(5);
        published.ShouldAllBe(p => p.Subject == "Etl 2025-06-30 succeeded" && p.Text == "Succeeded.\nüber");
    }

    [Theory]
    [InlineData(
        """{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{} }]}""",
        "ObjectRemoved:Delete, not ObjectCreated"
    )]
    [InlineData("""{"date":"2025-06-30"}""", "Its fields are date.")]
    [InlineData("nonsense", "It is not JSON.")]
    [InlineData("[]", "Unknown event.")]
    public async Task Any_other_event_is_refused_with_a_next_step(string payload, string reason)
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var relay = Relay(bucket, topic);

        var message = await relay.FailAsync(payload, "Usage");

        message.ShouldContain(reason);
        message.ShouldContain("Next: Start the relay by the event ObjectCreated");
    }

    [Fact]
    public async Task Objects_that_are_not_messages_are_refused()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        await using var other = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var relay = Relay(bucket, topic);
        await bucket.PutAsync("messages/bad.json", "{\"subject\":\"x\"}"u8.ToArray());

        foreach (
            var notified in new[]
            {
                S3(bucket, "lake/a.json"),
                S3(other, "messages/a.json"),
                S3(bucket, "messages/a.csv"),
            }
        )
        {
            (await relay.FailAsync(notified, "Usage")).ShouldContain(
                $"messages are s3://{bucket.Name}/messages/*.json"
            );
        }

        (await relay.FailAsync(S3(bucket, "messages/bad.json"), "Notify")).ShouldContain("not the JSON of a message");
        (await relay.FailAsync(S3(bucket, "messages/gone.json"), "Notify")).ShouldContain("does not exist");
        (await topic.TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_the_topic_did_not_accept_is_sent_at_the_next_attempt()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("POST /", HttpFault.Error(403, "AuthorizationError"), 1);
        await using var relay = Relay(bucket, topic, more: ("AWS_ENDPOINT_URL_SNS", proxy.Endpoint.AbsoluteUri));
        await bucket.PutAsync($"messages/{Key}.json", Encoding.UTF8.GetBytes(Message));

        var refused = await relay.FailAsync(S3(bucket, $"messages/{Key}.json"), "Notify");
        StatusOf(await relay.SucceedAsync(S3(bucket, $"messages/{Key}.json"))).ShouldBe("published");

        refused.ShouldContain("Publishing to the topic was denied");
        refused.ShouldContain("the event is delivered again");
        (await topic.TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Two_invocations_for_one_message_at_the_same_time_send_it_once()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var proxy = new FaultyProxy(bucket.Moto);
        var (reached, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        proxy.Inject(
            "POST /",
            new HttpFault
            {
                Before = () =>
                {
                    reached.TrySetResult();
                    return second.Task;
                },
            },
            1
        );
        await using var slow = Relay(bucket, topic, more: ("AWS_ENDPOINT_URL_SNS", proxy.Endpoint.AbsoluteUri));
        await using var other = Relay(bucket, topic);
        await bucket.PutAsync($"messages/{Key}.json", Encoding.UTF8.GetBytes(Message));

        var first = slow.SucceedAsync(S3(bucket, $"messages/{Key}.json"));
        await Task.WhenAny(reached.Task, first);
        string busy;
        try
        {
            busy = await other.FailAsync(S3(bucket, $"messages/{Key}.json"), "InProgress");
        }
        finally
        {
            second.SetResult();
        }

        StatusOf(await first).ShouldBe("published");

        busy.ShouldContain($"Another invocation is sending message {Key}.");
        StatusOf(await other.SucceedAsync(S3(bucket, $"messages/{Key}.json"))).ShouldBe("already_sent");
        (await topic.TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_message_whose_invocation_ended_is_sent_after_its_deadline_and_not_before()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var relay = Relay(bucket, topic);
        await bucket.PutAsync($"messages/{Key}.json", Encoding.UTF8.GetBytes(Message));
        var now = TimeProvider.System.GetUtcNow();

        await bucket.PutAsync($"messages/sent/{Key}", Record(now.AddMinutes(1)));
        await relay.FailAsync(S3(bucket, $"messages/{Key}.json"), "InProgress");
        await bucket.PutAsync($"messages/sent/{Key}", Record(now.AddMinutes(-1)));
        StatusOf(await relay.SucceedAsync(S3(bucket, $"messages/{Key}.json"))).ShouldBe("published");

        (await topic.TakeAsync()).ShouldHaveSingleItem();
        static byte[] Record(DateTimeOffset until) =>
            Encoding.UTF8.GetBytes($$"""{"state":"sending","sender":"0123","until":"{{until:O}}"}""");
    }

    [Fact]
    public async Task A_lost_answer_of_the_bucket_neither_loses_nor_repeats_a_message()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject($"PUT /{bucket.Name}/messages/sent", HttpFault.Torn(0), 1);
        await using var relay = Relay(bucket, topic, more: ("AWS_ENDPOINT_URL_S3", proxy.Endpoint.AbsoluteUri));
        await bucket.PutAsync($"messages/{Key}.json", Encoding.UTF8.GetBytes(Message));

        StatusOf(await relay.SucceedAsync(S3(bucket, $"messages/{Key}.json"))).ShouldBe("published");

        (await topic.TakeAsync()).ShouldHaveSingleItem();
        proxy.Seen.Count(l => l.StartsWith("PUT ", StringComparison.Ordinal)).ShouldBe(3, "the first one is repeated");
    }

    [Fact]
    public async Task The_relay_loads_neither_EF_Core_nor_the_driver_of_PostgreSQL()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The loaded assemblies are read from /proc.");
        await using var bucket = await Bucket.CreateAsync(moto);
        using var topic = await Topic.CreateAsync(moto);
        await using var relay = Relay(bucket, topic);
        await bucket.PutAsync($"messages/{Key}.json", Encoding.UTF8.GetBytes(Message));
        await relay.SucceedAsync(S3(bucket, $"messages/{Key}.json"));

        var loaded = await File.ReadAllTextAsync($"/proc/{relay.Process.Id}/maps");

        loaded.ShouldContain("AWSSDK.S3.dll");
        string[] others =
        [
            "Npgsql",
            "EntityFrameworkCore",
            "MediatR",
            "CsvHelper",
            "OpenTelemetry",
            "Microsoft.Extensions.Hosting.dll",
        ];
        others.Where(o => loaded.Contains(o, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_relay_without_its_settings_reports_all_of_them_and_reads_no_others()
    {
        await using var relay = LambdaProcess.StartRelay(
            ("ETL__SOURCE__URL", "not read"),
            ("ETL__NOTIFY__MESSAGESURI", "s3://lake"),
            ("ETL__S3__TIMEOUTSECONDS", "0")
        );

        var (message, exitCode) = await relay.FailToStartAsync("Configuration");

        exitCode.ShouldBe(2);
        message.ShouldContain("Etl:Notify:TopicArn is not set");
        message.ShouldContain("Etl:Notify:MessagesUri is s3://lake; give the prefix of a bucket");
        message.ShouldContain("Etl:S3:TimeoutSeconds");
        message.ShouldNotContain("Etl:Source");
    }

    [Fact]
    public async Task A_run_with_topic_and_bucket_and_an_unknown_argument_are_refused()
    {
        await using var both = LambdaProcess.StartWith(
            ("ETL__NOTIFY__MESSAGESURI", "s3://lake/messages"),
            ("ETL__NOTIFY__TOPICARN", "arn:aws:sns:us-east-1:000000000000:etl")
        );
        await using var unknown = LambdaProcess.StartAs([.. HostPrograms.Lambda, "realy"]);

        (await both.FailToStartAsync("Configuration")).Message.ShouldContain(
            "Etl:Notify:MessagesUri and Etl:Notify:TopicArn are both set, and each message would be sent twice."
        );
        (await unknown.FailToStartAsync("Configuration")).Message.ShouldContain(
            "without an argument for runs, or with `relay`"
        );
    }

    private static LambdaProcess Relay(
        Bucket bucket,
        Topic topic,
        string prefix = "messages",
        params (string Name, string Value)[] more
    ) =>
        LambdaProcess.StartRelay([
            .. CloudPlace.EnvironmentOf(bucket.Moto).Select(e => (e.Key, e.Value)),
            ("ETL__NOTIFY__MESSAGESURI", $"s3://{bucket.Name}/{prefix}"),
            ("ETL__NOTIFY__TOPICARN", topic.Arn),
            .. more,
        ]);

    private static string? StatusOf(JsonElement answer) =>
        answer.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem().GetProperty("status").GetString();

    private static string S3(Bucket bucket, string key) =>
        $$"""
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2025-06-30T03:00:00.000Z",
             "eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"{{bucket.Name}}"},"object":{"key":"{{key}}"} } }]}
            """;

    private static string Bridge(Bucket bucket, string key) =>
        $$"""
            {"version":"0","detail-type":"Object Created","source":"aws.s3","time":"2025-06-30T03:00:00Z",
             "detail":{"bucket":{"name":"{{bucket.Name}}"},"object":{"key":"{{key}}"} } }
            """;

    private static string Sqs(params string[] bodies)
    {
        var records = bodies.Select(
            (b, i) => $$"""{"messageId":"m-{{i}}","eventSource":"aws:sqs","body":{{Quoted(b)}} }"""
        );
        return $$"""{"Records":[{{string.Join(',', records)}}]}""";
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
