using System.Text;
using Etl.IntegrationTests.Aws;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Lambda;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>The Lambda host with extensions from a folder, as in its image, and from a bucket; the console from a bucket.</summary>
public sealed class ExtensionHostTests(PostgresServer server, MotoServer moto)
{
    private const string Event = """{"scheduledTime":"2025-06-30T03:00:00Z","executionId":"e-1"}""";
    private const string Month = "return_month,returns,refund\n2025-01-01,2,11.15\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_function_loads_a_folder_of_its_image_or_a_bucket(bool inBucket)
    {
        await using var own = await Extended.CreateAsync(server);
        await using var bucket = await Bucket.CreateAsync(moto);
        await UploadAsync(own.Folder, bucket);
        await using var host = LambdaProcess.Start(
            own.Place,
            [
                ("ETL__EXTENSIONS__DIRECTORY", inBucket ? $"s3://{bucket.Name}/own/" : own.Folder),
                ("ETL__QUALITY__MAXREJECTEDPERCENT", "50"),
                .. CloudPlace.EnvironmentOf(bucket.Moto).Select(e => (e.Key, e.Value)),
            ]
        );

        var summary = await host.SucceedAsync(Event);

        summary.GetProperty("status").GetString().ShouldBe("succeeded");
        Encoding.UTF8.GetString(own.Place.Exported("20250630-001")["returns_by_month.csv"]).ShouldBe(Month);
        (await own.Place.RowsAsync("(select attempt, file from etl.run_extensions)")).ShouldBe([
            "(1,datasets/returns.json)",
            "(1,marts/returns_by_month.sql)",
            "(1,tests/return_without_order.sql)",
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_function_computes_models_from_nine_files(bool inBucket)
    {
        await using var shop = await Modeled.CreateAsync(server);
        await using var bucket = await Bucket.CreateAsync(moto);
        await UploadAsync(shop.Folder, bucket);
        await using var host = LambdaProcess.Start(
            shop.Place,
            [
                ("ETL__EXTENSIONS__DIRECTORY", inBucket ? $"s3://{bucket.Name}/own/" : shop.Folder),
                .. Modeled.Ids.Select(i => ($"ETL__IDS__{i.ToUpperInvariant()}", "Text")),
                ("ETL__FILES__ORDERS__KEY__0", ""),
                .. CloudPlace.EnvironmentOf(bucket.Moto).Select(e => (e.Key, e.Value)),
            ]
        );

        var summary = await host.SucceedAsync(Event);

        summary.GetProperty("status").GetString().ShouldBe("succeeded");
        Encoding
            .UTF8.GetString(shop.Place.Exported("20250630-001")["revenue_by_category.csv"])
            .ShouldBe($"category,lines,revenue\n{string.Join('\n', shop.Files.Categories)}\n");
        (await shop.Place.RowsAsync("(select uri from etl.run_files where dataset = 'orders')")).ShouldBe([
            inBucket ? $"(s3://{bucket.Name}/own/models/orders.sql)" : $"(file://{shop.Folder}/models/orders.sql)",
        ]);
    }

    [Fact]
    public async Task A_wrong_extension_in_a_bucket_ends_the_start_of_the_function_and_names_file_and_line()
    {
        await using var own = await Extended.CreateAsync(server);
        await using var bucket = await Bucket.CreateAsync(moto);
        await own.WriteAsync(
            "datasets/returns.json",
            Extended.Dataset.Replace("\"money\"", "\"mony\"", StringComparison.Ordinal)
        );
        await UploadAsync(own.Folder, bucket);
        await using var host = LambdaProcess.Start(
            own.Place,
            [
                ("ETL__EXTENSIONS__DIRECTORY", $"s3://{bucket.Name}/own"),
                .. CloudPlace.EnvironmentOf(bucket.Moto).Select(e => (e.Key, e.Value)),
            ]
        );

        var (message, exitCode) = await host.FailToStartAsync("Configuration");

        message.ShouldStartWith(
            $"s3://{bucket.Name}/own/datasets/returns.json, line 7, column 33: 'mony' is not a type"
        );
        exitCode.ShouldBe(2);
        (await own.Place.QueryAsync<bool>("select to_regnamespace('etl') is null")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("own", 0, "")]
    [InlineData("none", 2, "which holds no extension")]
    public async Task The_console_reads_a_bucket(string prefix, int exitCode, string error)
    {
        await using var own = await Extended.CreateAsync(server);
        await using var bucket = await Bucket.CreateAsync(moto);
        await UploadAsync(own.Folder, bucket);
        string[] line =
        [
            "check",
            "--json",
            "--source",
            own.Place.Source,
            "--Etl:Quality:MaxRejectedPercent=50",
            $"--Etl:Extensions:Directory=s3://{bucket.Name}/{prefix}",
        ];

        var check = await EtlProcess.RunOfAsync(
            HostPrograms.Folder,
            own.Place.Folder,
            _ => Task.CompletedTask,
            line,
            CloudPlace.EnvironmentOf(bucket.Moto)
        );

        check.ExitCode.ShouldBe(exitCode, check.Error);
        check.Error.ShouldContain(error);
        check.Out.ShouldContain(exitCode == 0 ? "returns.csv" : "Etl:Extensions:Directory is s3://");
    }

    private static async Task UploadAsync(string folder, Bucket bucket)
    {
        foreach (var path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            await bucket.PutAsync($"own/{Path.GetRelativePath(folder, path)}", await File.ReadAllBytesAsync(path));
        }
    }
}
