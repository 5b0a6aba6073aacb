using System.Text;
using Etl.Application.Errors;
using Etl.Domain.Runs;
using Etl.Infrastructure.Stage;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Parts;
using Etl.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>The object by which a run requests loaders.</summary>
public sealed class LoaderRequestTests(PostgresServer postgres, MotoServer moto)
{
    private static readonly RunId Run = RunId.Parse("20250630-001");

    [Fact]
    public async Task A_request_is_an_object_with_the_name_of_the_run_and_each_one_is_a_new_event()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        var request = RequestOf(bucket, $"s3://{bucket.Name}/etl/loaders/");

        await request.SendAsync(Run, CancellationToken.None);
        await request.SendAsync(Run, CancellationToken.None);

        (await bucket.KeysAsync()).ShouldHaveSingleItem().ShouldBe("etl/loaders/20250630-001");
        Encoding.UTF8.GetString(await bucket.GetAsync("etl/loaders/20250630-001")).ShouldBe("20250630-001\n");
        (await bucket.Client.ListVersionsAsync(bucket.Name)).Versions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_is_encrypted_with_the_key_of_the_bucket()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        bucket.KmsKeyId = "alias/etl";

        await RequestOf(bucket, $"s3://{bucket.Name}/loaders").SendAsync(Run, CancellationToken.None);

        var written = await bucket.Client.GetObjectMetadataAsync(bucket.Name, "loaders/20250630-001");
        written.ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe("alias/etl");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_the_setting_nothing_is_written(string? uri)
    {
        await using var bucket = await Bucket.CreateAsync(moto);

        await RequestOf(bucket, uri).SendAsync(Run, CancellationToken.None);

        (await bucket.KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_that_fails_names_permission_and_setting()
    {
        await using var bucket = await Bucket.CreateAsync(moto);

        var error = (
            await Should.ThrowAsync<EtlException>(() =>
                RequestOf(bucket, "s3://no-such-bucket/loaders").SendAsync(Run, CancellationToken.None)
            )
        ).Error;

        error.Message.ShouldContain("Bucket no-such-bucket does not exist");
        error.NextStep.ShouldBe(
            "Check Etl:Loaders:RequestsUri, the account and AWS_REGION; the next run requests loaders again."
        );
    }

    [Fact]
    public async Task A_run_with_shared_parts_requests_loaders_and_one_that_comes_late_ends_with_success()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        using var folder = new TempFolder();
        File.Copy(Path.Combine(cloud.Place.Source, "orders.csv"), folder["orders.csv"]);
        SplitFile.Replace(folder["orders.csv"], 4, "orders_");
        foreach (var part in Directory.GetFiles(folder.Root))
        {
            await cloud.Bucket.PutAsync($"in/{Path.GetFileName(part)}", await File.ReadAllBytesAsync(part));
        }

        await cloud.Bucket.Client.DeleteObjectAsync(cloud.Bucket.Name, "in/orders.csv");
        string[] shared =
        [
            "--Etl:Files:Orders:Parts=All",
            "--Etl:Files:Orders:Names:0=orders_*.csv",
            "--Etl:Run:Loaders=1",
            $"--Etl:Loaders:RequestsUri=s3://{cloud.Bucket.Name}/loaders",
        ];

        var run = await cloud.RunAsync(shared);
        run.ExitCode.ShouldBe(0, run.Error);

        (await cloud.Bucket.KeysAsync("loaders/")).ShouldBe(["loaders/20250630-001"]);
        string[] load =
        [
            "load",
            "--json",
            "--request",
            $"s3://{cloud.Bucket.Name}/loaders/20250630-001",
            "--connection",
            cloud.Place.Connection,
            "--source",
            $"s3://{cloud.Bucket.Name}/in",
        ];
        var late = await EtlProcess.RunOfAsync(
            AppContext.BaseDirectory,
            cloud.Place.Folder,
            _ => Task.CompletedTask,
            [.. load, .. shared],
            cloud.Environment
        );
        late.ExitCode.ShouldBe(0, late.Error);
        late.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        late.Json.GetProperty("files").GetArrayLength().ShouldBe(0);
    }

    private static BucketLoaderRequest RequestOf(Bucket bucket, string? uri) =>
        new(
            Options.Create(new LoaderOptions { RequestsUri = uri }),
            bucket.Access(),
            NullLogger<BucketLoaderRequest>.Instance
        );
}
