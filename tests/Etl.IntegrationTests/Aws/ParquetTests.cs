using System.Security.Cryptography;
using Etl.Application.Export;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Export;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>Exports as Parquet in a bucket, read back by DuckDB.</summary>
public sealed class ParquetTests(PostgresServer postgres, MotoServer moto)
{
    private const string Setting = "--Etl:Lake:Formats:0=Parquet";
    private const string Root = "lake/analytics_export";

    [Fact]
    public async Task Every_value_is_that_of_the_CSV_and_the_manifest_has_hash_and_schema()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        (await cloud.RunAsync(Setting)).ExitCode.ShouldBe(0);
        using var files = new TempFolder();
        var manifest = ManifestJson.Read(await cloud.Bucket.GetAsync($"{CloudPlace.RunKey}manifest.json"));

        manifest.Tables.Select(t => t.Table).ShouldBe(MartFiles.BuiltIn.All.Select(t => t.Name));
        foreach (var table in MartFiles.BuiltIn.All)
        {
            var parquet = manifest.Tables.Single(t => t.Table == table.Name).Parquet.ShouldNotBeNull();
            var bytes = await cloud.Bucket.GetAsync($"lake/{parquet.Key}");
            $"lake/{parquet.Key}".ShouldBe(KeyOf(table.Name));
            (parquet.Bytes, parquet.Sha256).ShouldBe((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
            parquet
                .Schema.Select(c => $"{c.Name} {c.Type}")
                .ShouldBe(table.Columns.Select(c => $"{c.Name} {c.TypeName}"));
            (await cloud.Bucket.GetAsync($"{Root}/latest/{table.Name}/{table.Name}.parquet")).ShouldBe(bytes);
            var found = await cloud.Bucket.Client.GetObjectMetadataAsync(cloud.Bucket.Name, $"lake/{parquet.Key}");
            found.Headers.ContentType.ShouldBe("application/vnd.apache.parquet");

            await File.WriteAllBytesAsync(files["t.parquet"], bytes);
            await File.WriteAllBytesAsync(
                files["t.csv"],
                await cloud.Bucket.GetAsync($"{CloudPlace.RunKey}{table.Name}.csv")
            );
            DuckDb.Parquet(files["t.parquet"]).ShouldBe(DuckDb.Csv(files["t.csv"]), table.Name);
            DuckDb.Schema(files["t.parquet"]).ShouldBe(DuckDb.SchemaOf(table), table.Name);
        }
    }

    [Fact]
    public async Task A_bucket_and_a_folder_have_the_same_keys_and_bytes()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var folders = await Workplace.CreateAsync(postgres, migrated: true);

        (await cloud.RunAsync(Setting)).ExitCode.ShouldBe(0);
        (await folders.RunAsync(Setting)).ExitCode.ShouldBe(0);

        var inBucket = (await cloud.ExportedAsync()).Where(e => IsParquet(e.Key)).ToDictionary();
        var inFolder = Directory
            .GetFiles(folders.Lake, "*.parquet", SearchOption.AllDirectories)
            .ToDictionary(
                f => $"lake/{Path.GetRelativePath(folders.Lake, f)}",
                f => Convert.ToBase64String(File.ReadAllBytes(f))
            );
        inBucket.Count.ShouldBe(2 * MartFiles.BuiltIn.All.Count);
        inBucket.ShouldBe(inFolder, ignoreOrder: true);
    }

    [Theory]
    [InlineData("product_performance")]
    [InlineData("daily_orders")]
    public async Task The_next_start_completes_an_export_that_was_killed_between_two_files(string table)
    {
        await using var undisturbed = await CloudPlace.CreateAsync(postgres, moto);
        (await undisturbed.RunAsync(Setting)).ExitCode.ShouldBe(0);
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await using var proxy = new FaultyProxy(cloud.Bucket.Moto);
        cloud.Environment["AWS_ENDPOINT_URL"] = proxy.Endpoint.AbsoluteUri;
        var reached = new TaskCompletionSource();
        proxy.Inject(
            $"PUT /{cloud.Bucket.Name}/{Uri.EscapeDataString(KeyOf(table)).Replace("%2F", "/")}",
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

        var killed = await cloud.RunAsync(
            async process =>
            {
                await Task.WhenAny(reached.Task, process.WaitForExitAsync());
                process.Kill();
            },
            Setting
        );
        var left = await cloud.Bucket.KeysAsync(Root);
        var next = await cloud.RunAsync(Setting);

        reached.Task.IsCompleted.ShouldBeTrue(string.Join('\n', proxy.Seen));
        killed.ExitCode.ShouldBe(137);
        left.ShouldContain($"{CloudPlace.RunKey}{table}.csv");
        left.ShouldNotContain(KeyOf(table));
        left.ShouldNotContain(k => k.Contains("/latest/") || k.EndsWith("manifest.json", StringComparison.Ordinal));
        next.ExitCode.ShouldBe(0, next.Error);
        (await cloud.ExportedAsync()).ShouldBe(await undisturbed.ExportedAsync());
        var writes = proxy.Seen.Where(l => l.StartsWith("PUT ", StringComparison.Ordinal)).ToList();
        foreach (var place in new[] { "run%3D20250630-001/", "latest/" })
        {
            writes
                .FindIndex(w => w.Contains($"{place}manifest.json"))
                .ShouldBeGreaterThan(writes.FindLastIndex(w => w.Contains(place) && w.Contains(".parquet")));
        }
    }

    [Fact]
    public async Task A_repeated_export_finds_its_objects_and_refuses_one_with_other_bytes()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        (await cloud.RunAsync(Setting)).ExitCode.ShouldBe(0);
        var before = await cloud.ExportedAsync();

        await ForgetExportAsync(cloud);
        (await cloud.RunAsync(Setting)).ExitCode.ShouldBe(0);
        (await cloud.ExportedAsync()).ShouldBe(before);

        await ForgetExportAsync(cloud);
        await cloud.Bucket.PutAsync(KeyOf("daily_orders"), [1, 2, 3]);
        (await cloud.RunAsync(Setting)).ShouldFail(6, KeyOf("daily_orders"));
        (await cloud.Bucket.GetAsync(KeyOf("daily_orders"))).ShouldBe([1, 2, 3]);
    }

    private static Task ForgetExportAsync(CloudPlace cloud) =>
        cloud.Place.Database.ExecuteAsync(
            "update etl.runs set exported_at = null, lease_until = null, lease_owner = null, finished_at = null"
        );

    private static string KeyOf(string table) =>
        $"{Root}/tables/{table}/business_date={Workplace.Day}/run=20250630-001/{table}.parquet";

    private static bool IsParquet(string key) => key.EndsWith(".parquet", StringComparison.Ordinal);
}
