using System.Text.Json;
using Etl.IntegrationTests.Aws;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Parts;

/// <summary>Runs whose datasets are delivered in parts.</summary>
public sealed class WholeRunTests(PostgresServer server, MotoServer moto)
{
    private const string Run = "20250630-001";

    private static readonly string[] InParts =
    [
        "--Etl:Files:Default:Parts=All",
        "--Etl:Files:Orders:Names:0=orders_{date:yyyyMMdd}_*.csv",
        "--Etl:Files:Shipments:Names:0=shipments_{date:yyyyMMdd}_*.csv",
    ];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(8, 0)]
    [InlineData(8, 2)]
    public async Task Parts_give_the_exports_of_one_file(int parts, int loaders)
    {
        await using var whole = await Workplace.CreateAsync(server, migrated: true);
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var names = Split(place.Source, parts);

        (await whole.RunAsync()).ExitCode.ShouldBe(0);
        var plan = await EtlProcess.RunAsync(place.Folder, ["plan", .. place.RunLine(InParts)[1..]]);
        var run = await place.RunAsync([.. InParts, $"--Etl:Run:Loaders={loaders}"]);

        run.ExitCode.ShouldBe(0, run.Error);
        plan.ExitCode.ShouldBe(0, plan.Error);
        ShouldBeEqual(place.Exported(Run), whole.Exported(Run));
        var sources = run.Json.GetProperty("sources").EnumerateArray().ToList();
        sources
            .Where(s => s.GetProperty("dataset").GetString() == "orders")
            .Select(s => s.GetProperty("part").GetString())
            .ShouldBe(names);
        sources.Select(s => s.GetProperty("sha256").GetString()).Distinct().Count().ShouldBe(sources.Count);
        sources.Sum(s => s.GetProperty("loaded").GetInt64()).ShouldBe(5_000);
        plan.Json.GetProperty("sources")
            .EnumerateArray()
            .Select(s => s.GetProperty("sha256").GetString())
            .ShouldBe(sources.Select(s => s.GetProperty("sha256").GetString()), ignoreOrder: true);
        var manifest = place.Exported(Run)["manifest.json"];
        names.ShouldAllBe(n => System.Text.Encoding.UTF8.GetString(manifest).Contains(n));
    }

    [Theory]
    [InlineData("removed", 1_334, 2)]
    [InlineData("added", 2_001, 4)]
    [InlineData("changed", 1_334, 3)]
    public async Task A_killed_run_is_repeated_with_the_parts_that_are_there_then(string how, int orders, int parts)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var names = Split(place.Source, 3);
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            await EtlProcess.RunAsync(
                place.Folder,
                async process =>
                {
                    await brake.ReachedAsync(process);
                    process.Kill();
                },
                place.RunLine(InParts)
            );
        }

        var row = File.ReadLines(place.SourceFile(names[0])).Last();
        const string Header = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";
        switch (how)
        {
            case "removed":
                File.Delete(place.SourceFile(names[2]));
                break;
            case "added":
                var added = $"{Header}900001{row[row.IndexOf(',')..]}\n";
                await File.WriteAllTextAsync(place.SourceFile("orders_20250630_3.csv"), added);
                break;
            default:
                await File.WriteAllTextAsync(place.SourceFile(names[0]), $"{Header}{row}\n{row}\n");
                break;
        }

        var again = await place.RunAsync([.. InParts, "--Etl:Quality:MaxRejectedPercent=1"]);

        again.ExitCode.ShouldBe(0, again.Error);
        again.Json.GetProperty("runId").GetString().ShouldBe(Run);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(orders);
        (await place.QueryAsync<long>("select count(*) from etl.run_files where dataset = 'orders'")).ShouldBe(parts);
    }

    [Fact]
    public async Task Parts_in_a_bucket_give_the_exports_of_one_file_and_are_pinned_one_by_one()
    {
        await using var whole = await Workplace.CreateAsync(server, migrated: true);
        (await whole.RunAsync()).ExitCode.ShouldBe(0);
        await using var cloud = await CloudPlace.CreateAsync(server, moto);
        var split = SplitFile.Of(await cloud.Bucket.GetAsync("in/orders.csv"), 4, "orders-");
        foreach (var (name, bytes) in split)
        {
            await cloud.Bucket.PutAsync($"in/2025-06-30/{name}", bytes);
        }

        var run = await cloud.RunAsync(
            "--Etl:Files:Orders:Parts=All",
            "--Etl:Files:Orders:Names:0={date}/orders-*.csv"
        );

        run.ExitCode.ShouldBe(0, run.Error);
        var sources = run.Json.GetProperty("sources").EnumerateArray().ToList();
        var orders = sources.FindAll(s => s.GetProperty("dataset").GetString() == "orders");
        orders
            .Select(s => s.GetProperty("uri").GetString())
            .ShouldBe(split.Select(p => $"s3://{cloud.Bucket.Name}/in/2025-06-30/{p.Name}"));
        orders.Select(s => s.GetProperty("version").GetString()).Distinct().Count().ShouldBe(4);
        using var manifest = JsonDocument.Parse(await cloud.Bucket.GetAsync($"{CloudPlace.RunKey}manifest.json"));
        manifest
            .RootElement.GetProperty("sources")
            .EnumerateArray()
            .Where(s => s.GetProperty("dataset").GetString() == "orders")
            .Select(s => s.GetProperty("file").GetString())
            .ShouldBe(split.Select(p => $"2025-06-30/{p.Name}"));
        foreach (var (name, bytes) in whole.Exported(Run).Where(e => e.Key != "manifest.json"))
        {
            (await cloud.Bucket.GetAsync($"{CloudPlace.RunKey}{name}")).ShouldBe(bytes, name);
        }
    }

    private static IReadOnlyList<string> Split(string source, int parts)
    {
        var orders = SplitFile.Replace(Path.Combine(source, "orders.csv"), parts, "orders_20250630_");
        SplitFile.Replace(Path.Combine(source, "shipment_deliveries.csv"), parts, "shipments_20250630_");
        return orders;
    }

    /// <summary>The manifest names the files, so it differs.</summary>
    private static void ShouldBeEqual(Dictionary<string, byte[]> exports, Dictionary<string, byte[]> expected)
    {
        exports.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        foreach (var (name, bytes) in expected.Where(e => e.Key != "manifest.json"))
        {
            exports[name].ShouldBe(bytes, name);
        }
    }
}
