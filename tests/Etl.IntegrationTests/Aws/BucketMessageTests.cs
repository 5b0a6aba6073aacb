using System.Text;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Notify;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>The notifier that writes messages to a bucket.</summary>
public sealed class BucketMessageTests(PostgresServer postgres, MotoServer moto)
{
    private static readonly Message Succeeded = new(
        RunId.Parse("20250630-001"),
        BusinessDate.Parse("2025-06-30"),
        Outcome.Success,
        "Etl 2025-06-30 succeeded",
        "Succeeded.\n"
    );

    [Fact]
    public async Task A_message_is_one_object_with_subject_body_and_attributes_however_often_it_is_sent()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        var notifier = NotifierOf(bucket);

        await notifier.SendAsync(Succeeded, CancellationToken.None);
        await notifier.SendAsync(Succeeded, CancellationToken.None);

        var key = (await bucket.KeysAsync()).ShouldHaveSingleItem();
        key.ShouldBe("messages/20250630-001/Success.json");
        var json = JsonDocument.Parse(await bucket.GetAsync(key)).RootElement;
        json.GetProperty("subject").GetString().ShouldBe(Succeeded.Subject);
        json.GetProperty("body").GetString().ShouldBe(Succeeded.Body);
        json.GetProperty("attributes")
            .GetRawText()
            .ReplaceLineEndings("")
            .Replace(" ", "")
            .ShouldBe("""{"business_date":"2025-06-30","outcome":"success","pipeline":"etl"}""");
        (await bucket.Client.ListVersionsAsync(bucket.Name)).Versions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_write_whose_first_answer_was_lost_succeeds()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("PUT /", HttpFault.Torn(0), 1);

        await NotifierOf(bucket, proxy.Endpoint).SendAsync(Succeeded, CancellationToken.None);

        (await bucket.KeysAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_message_under_the_same_key_is_an_error_and_is_not_replaced()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        var notifier = NotifierOf(bucket);
        await notifier.SendAsync(Succeeded, CancellationToken.None);

        var error = (
            await Should.ThrowAsync<EtlException>(() =>
                notifier.SendAsync(Succeeded with { Body = "Other." }, CancellationToken.None)
            )
        ).Error;

        (error.Code, error.Retryable).ShouldBe((ErrorCode.Notify, false));
        error.Message.ShouldContain($"s3://{bucket.Name}/messages/20250630-001/Success.json");
        error.NextStep.ShouldContain("a prefix that no other database uses");
        Encoding
            .UTF8.GetString(await bucket.GetAsync("messages/20250630-001/Success.json"))
            .ShouldContain("Succeeded.");
    }

    [Fact]
    public async Task Messages_without_a_run_have_keys_of_their_cause_or_their_content()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        var notifier = NotifierOf(bucket);
        var unrecorded = Succeeded with { RunId = null, Outcome = Outcome.Failure, Key = null };

        await notifier.SendAsync(unrecorded, CancellationToken.None);
        await notifier.SendAsync(unrecorded, CancellationToken.None);
        await notifier.SendAsync(unrecorded with { Body = "Other." }, CancellationToken.None);
        await notifier.SendAsync(
            unrecorded with
            {
                Key = "2025-06-30/source_missing:orders/1",
            },
            CancellationToken.None
        );

        var keys = await bucket.KeysAsync();
        keys.Count(k => k.StartsWith("messages/2025-06-30/unrecorded/", StringComparison.Ordinal)).ShouldBe(2);
        keys.ShouldContain("messages/2025-06-30/source_missing%3Aorders/1.json");
        keys.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_bucket_that_is_unavailable_fails_no_run_and_the_next_start_writes_the_message()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var proxy = new FaultyProxy(cloud.Bucket.Moto);
        cloud.Environment["AWS_ENDPOINT_URL"] = proxy.Endpoint.AbsoluteUri;
        string[] way = ["--Etl:Notify:TopicArn=", $"--Etl:Notify:MessagesUri=s3://{cloud.Bucket.Name}/messages"];
        proxy.Inject($"PUT /{cloud.Bucket.Name}/messages/", HttpFault.Error(503, "ServiceUnavailable"));

        var run = await cloud.RunAsync(way);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("warnings")
            .EnumerateArray()
            .ShouldContain(w => w.GetString()!.Contains("The message of run 20250630-001 was not sent: S3 could not"));
        (await cloud.Bucket.KeysAsync("messages/")).ShouldBeEmpty();
        proxy.Reset();

        (await cloud.RunAsync(way)).Json.GetProperty("status").GetString().ShouldBe("already_done");

        (await cloud.Bucket.KeysAsync("messages/")).ShouldHaveSingleItem();
        (await cloud.Place.QueryAsync<long>("select count(*) from etl.messages where sent_at is null")).ShouldBe(0);
    }

    [Fact]
    public async Task The_next_step_of_an_error_names_the_setting_and_who_sends_the_message()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        var notifier = NotifierOf(Bucket.Of(bucket.Moto, "no-such-bucket"));

        var error = (
            await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(Succeeded, CancellationToken.None))
        ).Error;

        error.Code.ShouldBe(ErrorCode.Notify);
        error.Message.ShouldContain("Bucket no-such-bucket does not exist");
        error.NextStep.ShouldBe(
            "Check Etl:Notify:MessagesUri, the account and AWS_REGION; the next start sends the message."
        );
    }

    private static BucketNotifier NotifierOf(Bucket bucket, Uri? endpoint = null) =>
        new(
            Options.Create(new NotifyOptions { MessagesUri = $"s3://{bucket.Name}/messages/" }),
            bucket.Access(endpoint),
            NullLogger<BucketNotifier>.Instance
        );
}
