using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>Errors of buckets: exit code, message, next step, and the result of the next run.</summary>
public sealed class FaultTests(PostgresServer postgres, MotoServer moto)
{
    [Fact]
    public async Task Errors_of_the_source_bucket_are_exit_3()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject($"/{bucket.Name}/denied/", HttpFault.Error(403, "AccessDenied"));
        using var folder = new TempFolder();

        var noBucket = await CheckAsync(folder, proxy.Endpoint, "s3://no-such-bucket/in");
        noBucket.ShouldFail(3, "Bucket no-such-bucket does not exist: s3://no-such-bucket/in/orders.csv");
        CodeOf(noBucket).ShouldBe("source_missing");
        var noFile = await CheckAsync(folder, proxy.Endpoint, $"s3://{bucket.Name}/none");
        noFile.ShouldFail(3, $"The orders file is missing: no orders.csv in s3://{bucket.Name}/none");
        var denied = await CheckAsync(folder, proxy.Endpoint, $"s3://{bucket.Name}/denied");
        denied.ShouldFail(3, $"Access to s3://{bucket.Name}/denied/orders.csv was denied.");
        denied.Error.ShouldContain("s3:GetObject and s3:GetObjectVersion on it and s3:ListBucket on its bucket");
        CodeOf(denied).ShouldBe("source_unreadable");
        var nobody = await CheckAsync(folder, new Uri("http://127.0.0.1:9"), $"s3://{bucket.Name}/in");
        nobody.ShouldFail(3, $"S3 did not respond, or closed the connection: s3://{bucket.Name}/in/orders.csv");
    }

    [Fact]
    public async Task Missing_credentials_are_exit_3_and_a_missing_region_or_an_invalid_address_is_exit_2()
    {
        using var folder = new TempFolder();
        var nobody = new Uri("http://127.0.0.1:9");

        var stranger = await CheckAsync(folder, nobody, "s3://bucket/in", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        stranger.ShouldFail(3, "No AWS credentials were found, or S3 rejected them: s3://bucket/in/orders.csv");
        stranger.Error.ShouldContain("Give the host a role");
        var nowhere = await CheckAsync(folder, nobody, "s3://bucket/in", "AWS_REGION", "AWS_ENDPOINT_URL");
        nowhere.ShouldFail(2, "The AWS region of the buckets is unknown.");
        var bad = await CheckAsync(folder, nobody, "s3://Bucket_1/in");
        bad.ShouldFail(2, "Etl:Source:Uri is s3://Bucket_1;");
        var topic = await CheckAsync(folder, nobody, "s3://bucket/in", "--Etl:Notify:TopicArn=arn:aws:sns:x:1:t");
        topic.ShouldFail(2, "Etl:Notify:TopicArn is 'arn:aws:sns:x:1:t'");
    }

    [Fact]
    public async Task A_missing_lake_is_exit_6_and_another_lake_does_not_get_the_export()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        var missing = await cloud.RunAsync("--lake", "s3://no-such-lake/out");
        missing.ShouldFail(6, "Bucket no-such-lake does not exist: s3://no-such-lake/out/analytics_export/");
        CodeOf(missing).ShouldBe("lake");

        var other = await cloud.RunAsync();
        other.ShouldFail(6, "its export to s3://no-such-lake/out is pending");
        (await cloud.RunAsync("--force")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_forbidden_lake_is_exit_6_and_the_next_run_completes_the_export()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var proxy = new FaultyProxy(cloud.Bucket.Moto);
        cloud.Environment["AWS_ENDPOINT_URL"] = proxy.Endpoint.AbsoluteUri;
        proxy.Inject($"PUT /{cloud.Bucket.Name}/lake/", HttpFault.Error(403, "AccessDenied"));

        var denied = await cloud.RunAsync();
        denied.ShouldFail(
            6,
            $"Access to s3://{cloud.Bucket.Name}/{CloudPlace.RunKey}agg_public_holiday.csv was denied."
        );
        denied.Error.ShouldContain("s3:PutObject");

        proxy.Reset();
        var corrected = await cloud.RunAsync();
        corrected.ExitCode.ShouldBe(0, corrected.Error);
        corrected.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        (await cloud.Bucket.KeysAsync(CloudPlace.RunKey)).ShouldContain($"{CloudPlace.RunKey}manifest.json");
    }

    [Fact]
    public async Task A_key_with_other_bytes_is_exit_6_and_keeps_them()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await cloud.Bucket.PutAsync($"{CloudPlace.RunKey}daily_orders.csv", [1, 2, 3]);

        var run = await cloud.RunAsync();

        run.ShouldFail(6, "The lake already has a different export under this run's key");
        CodeOf(run).ShouldBe("lake_conflict");
        (await cloud.Bucket.GetAsync($"{CloudPlace.RunKey}daily_orders.csv")).ShouldBe([1, 2, 3]);
        (await cloud.Bucket.KeysAsync(CloudPlace.RunKey)).ShouldNotContain($"{CloudPlace.RunKey}manifest.json");
    }

    [Fact]
    public async Task An_object_replaced_during_the_read_is_exit_3_and_the_next_run_succeeds()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto, versioned: false);
        await using var proxy = new FaultyProxy(cloud.Bucket.Moto);
        cloud.Environment["AWS_ENDPOINT_URL"] = proxy.Endpoint.AbsoluteUri;
        var orders = await cloud.Bucket.GetAsync("in/orders.csv");
        var get = $"GET /{cloud.Bucket.Name}/in/orders.csv ";
        proxy.Inject(get, HttpFault.Torn(20_000), 1);
        proxy.Inject(
            get,
            HttpFault.InPieces(16_000) with
            {
                Before = () => cloud.Bucket.PutAsync("in/orders.csv", orders[..^40]),
            },
            1
        );

        var run = await cloud.RunAsync();
        run.ExitCode.ShouldBe(3, run.Error + string.Join('\n', proxy.Seen));
        CodeOf(run).ShouldBe("source_changed");

        await cloud.Bucket.PutAsync("in/orders.csv", orders);
        (await cloud.RunAsync()).ExitCode.ShouldBe(0);
    }

    private static string? CodeOf(EtlProcess run) => run.Json.GetProperty("error").GetProperty("code").GetString();

    /// <param name="folder">The working folder.</param>
    /// <param name="endpoint">Where AWS is.</param>
    /// <param name="source">The source.</param>
    /// <param name="more">Variables to leave out, and settings.</param>
    private static Task<EtlProcess> CheckAsync(TempFolder folder, Uri endpoint, string source, params string[] more)
    {
        var environment = CloudPlace.EnvironmentOf(endpoint);
        more.ToList().ForEach(name => environment.Remove(name));
        return EtlProcess.RunOfAsync(
            HostPrograms.Folder,
            folder.Root,
            _ => Task.CompletedTask,
            ["check", "--json", "--source", source, .. more.Where(m => m.StartsWith("--", StringComparison.Ordinal))],
            environment
        );
    }
}
