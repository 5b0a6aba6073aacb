using System.Security.Cryptography;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>Runs the program on AWS: from a bucket to a bucket, with a topic for messages.</summary>
public sealed class PipelineTests(PostgresServer postgres, MotoServer moto)
{
    [Fact]
    public async Task A_run_from_bucket_to_bucket_notifies_the_topic_and_is_done_once()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);

        var run = await cloud.RunAsync();

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("sources")[0]
            .GetProperty("uri")
            .GetString()
            .ShouldBe($"s3://{cloud.Bucket.Name}/in/orders.csv");
        foreach (var export in run.Json.GetProperty("exports").EnumerateArray())
        {
            var key = $"{CloudPlace.RunKey}{export.GetProperty("table").GetString()}.csv";
            export.GetProperty("uri").GetString().ShouldBe($"s3://{cloud.Bucket.Name}/{key}");
            var bytes = await cloud.Bucket.GetAsync(key);
            export.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            (await cloud.Bucket.GetAsync(key.Replace(CloudPlace.RunKey, "lake/analytics_export/latest/"))).ShouldBe(
                bytes
            );
        }

        (await cloud.Bucket.KeysAsync("lake/")).ShouldContain("lake/analytics_export/latest/manifest.json");
        var message = (await cloud.Topic.TakeAsync()).ShouldHaveSingleItem();
        message.Subject.ShouldBe("Etl 2025-06-30 succeeded, 5,000 rows");
        message.Text.ShouldContain("orders: 2,000");
        message.Text.ShouldContain($"s3://{cloud.Bucket.Name}/lake/");
        message.Attributes.ShouldBe(
            new Dictionary<string, string>
            {
                ["outcome"] = "success",
                ["pipeline"] = "etl",
                ["business_date"] = Workplace.Day,
            },
            ignoreOrder: true
        );

        var before = await cloud.ExportedAsync();
        var again = await cloud.RunAsync();
        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        (await cloud.Topic.TakeAsync()).ShouldBeEmpty();
        (await cloud.ExportedAsync()).ShouldBe(before);
        Directory.Exists(Path.Combine(cloud.Place.Folder, "etl-mail")).ShouldBeFalse();
    }

    [Fact]
    public async Task Buckets_and_folders_give_the_same_bytes_and_the_default_message_is_a_file()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var folders = await Workplace.CreateAsync(postgres, migrated: true);

        (await cloud.RunAsync("--Etl:Notify:TopicArn=")).ExitCode.ShouldBe(0);
        (await folders.RunAsync()).ExitCode.ShouldBe(0);

        foreach (var (name, bytes) in folders.Exported("20250630-001").Where(f => Path.GetExtension(f.Key) != ".html"))
        {
            (await cloud.Bucket.GetAsync($"{CloudPlace.RunKey}{name}")).ShouldBe(bytes, name);
        }

        Directory.GetFiles(Path.Combine(cloud.Place.Folder, "etl-mail"), "*.success.eml").ShouldHaveSingleItem();
        (await cloud.Topic.TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_start_completes_a_killed_export_with_the_same_bytes_and_the_manifest_last()
    {
        await using var undisturbed = await CloudPlace.CreateAsync(postgres, moto);
        (await undisturbed.RunAsync()).ExitCode.ShouldBe(0);
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var proxy = new FaultyProxy(cloud.Bucket.Moto);
        cloud.Environment["AWS_ENDPOINT_URL"] = proxy.Endpoint.AbsoluteUri;
        var reached = new TaskCompletionSource();
        proxy.Inject(
            $"PUT /{cloud.Bucket.Name}/{Uri.EscapeDataString(CloudPlace.RunKey).Replace("%2F", "/")}product_performance.csv",
            HttpFault.Hanging(0) with
            {
                Before = () =>
                {
                    reached.TrySetResult();
                    return Task.CompletedTask;
                },
            },
            1
        );

        var killed = await cloud.RunAsync(async process =>
        {
            await Task.WhenAny(reached.Task, process.WaitForExitAsync());
            process.Kill();
        });
        var left = await cloud.Bucket.KeysAsync(CloudPlace.RunKey);
        var next = await cloud.RunAsync();

        reached.Task.IsCompleted.ShouldBeTrue(string.Join('\n', proxy.Seen));
        killed.ExitCode.ShouldBe(137);
        left.ShouldContain($"{CloudPlace.RunKey}agg_shipments.csv");
        left.ShouldNotContain($"{CloudPlace.RunKey}manifest.json");
        next.ExitCode.ShouldBe(0, next.Error);
        next.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        (await cloud.ExportedAsync()).ShouldBe(await undisturbed.ExportedAsync());
        var writes = proxy
            .Seen.Where(l => l.StartsWith("PUT ", StringComparison.Ordinal) && !l.Contains(".html"))
            .ToList();
        writes[^1].ShouldContain("latest/manifest.json");
        writes
            .FindIndex(w => w.Contains("latest/manifest.json"))
            .ShouldBeGreaterThan(writes.FindLastIndex(w => w.Contains("latest/") && w.Contains(".csv")));
        writes
            .FindIndex(w => w.Contains("run%3D20250630-001/manifest.json"))
            .ShouldBeGreaterThan(writes.FindLastIndex(w => w.Contains("run%3D20250630-001/") && w.Contains(".csv")));
        (await cloud.Topic.TakeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_unavailable_topic_fails_no_run_and_the_next_start_sends_the_message()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var proxy = new FaultyProxy(cloud.Bucket.Moto);
        cloud.Environment["AWS_ENDPOINT_URL_SNS"] = proxy.Endpoint.AbsoluteUri;
        proxy.Inject("POST /", HttpFault.Error(503, "ServiceUnavailable"));

        var run = await cloud.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("status").GetString().ShouldBe("succeeded");
        run.Json.GetProperty("warnings")
            .EnumerateArray()
            .ShouldContain(w => w.GetString()!.Contains($"SNS could not process the request: {cloud.Topic.Arn}"));
        (await cloud.Topic.TakeAsync()).ShouldBeEmpty();
        proxy.Seen.Count.ShouldBeGreaterThan(1);

        proxy.Reset();
        var gone = await cloud.RunAsync($"--Etl:Notify:TopicArn={cloud.Topic.Arn}-gone");
        gone.ExitCode.ShouldBe(0, gone.Error);
        gone.Json.GetProperty("warnings")
            .EnumerateArray()
            .ShouldContain(w => w.GetString()!.Contains($"The topic does not exist: {cloud.Topic.Arn}-gone"));
        (await cloud.RunAsync()).Json.GetProperty("status").GetString().ShouldBe("already_done");
        (await cloud.Topic.TakeAsync()).ShouldHaveSingleItem().Subject.ShouldStartWith("Etl 2025-06-30 succeeded");
        (await cloud.RunAsync()).ExitCode.ShouldBe(0);
        (await cloud.Topic.TakeAsync()).ShouldBeEmpty();
    }
}
