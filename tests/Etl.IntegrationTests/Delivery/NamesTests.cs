using System.IO.Compression;
using System.Security.Cryptography;
using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Delivery;

/// <summary>Files with names of the sender's own, declared by <c>Etl:Files</c>.</summary>
public sealed class NamesTests(PostgresServer server)
{
    private const string Orders = "2022/09/orders_20220905.csv";

    private static readonly string[] Names =
    [
        "--Etl:Files:Orders:Names:0={date:yyyy/MM}/orders_{date:yyyyMMdd}.csv",
        "--Etl:Files:Reviews:Names:0=reviews-{date}T*.csv",
        "--Etl:Files:Shipments:Names:0=Shipments.csv",
        "--Etl:Files:Products:Names:0=products.csv",
    ];

    [Fact]
    public async Task Files_with_declared_names_are_run_with_their_checksums_and_redelivered()
    {
        await using var shop = await ShopAsync();
        var orders = await File.ReadAllBytesAsync(shop.FileOf(Orders));
        shop.Write($"{Orders}.sha256", Convert.ToHexString(SHA256.HashData(orders)))
            .Write("2022/09/SHA256SUMS", $"{Convert.ToHexStringLower(SHA256.HashData(orders))}  orders_20220905.csv\n")
            .Write("control.csv", $"file,rows\n{Orders},5\nreviews-2022-09-05T04.csv.gz,4\nshipments.csv,5\n")
            .Write("_SUCCESS", "");

        var run = await shop.RunAsync(
            SmallShop.Monday,
            [.. Names, "--Etl:Delivery:Control=control.csv", "--Etl:Delivery:Require=Control"]
        );
        run.ExitCode.ShouldBe(0, run.Error);
        (
            await shop.QueryAsync(
                "select regexp_replace(uri, '.*/09-05/|.*2022-09-05/', '') from etl.run_files order by 1"
            )
        ).ShouldBe([Orders, "reviews-2022-09-05T04.csv.gz", "shipments.csv"]);
        (await shop.QueryAsync("select product_name from analytics.best_performing_product")).ShouldBe(["Lamp"]);

        shop.Write(Orders, [.. orders, .. "6,9,2022-01-05,1,1,1,1\n"u8]);
        var again = await shop.RunAsync(SmallShop.Monday, Names);
        again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue(again.Error);
        again
            .Warnings[0]
            .ShouldContain("The new files are not complete: orders_20220905.csv is not the file that was sent");
    }

    [Fact]
    public async Task Contradictions_and_a_marker_that_is_older_are_found_in_sub_folders()
    {
        await using var shop = await ShopAsync();
        shop.Write("2022/09/SHA256SUMS", $"{new string('0', 64)}  orders_20220905.csv\n");
        var other = await shop.RunAsync(SmallShop.Monday, Names);
        (other.ExitCode, other.Code).ShouldBe((3, "source_incomplete"));
        other.Error.ShouldContain("2022/09/SHA256SUMS states SHA-256 000");

        File.Delete(shop.FileOf("2022/09/SHA256SUMS"));
        shop.Write("2022/09/_SUCCESS", "");
        File.SetLastWriteTimeUtc(
            shop.FileOf("2022/09/_SUCCESS"),
            File.GetLastWriteTimeUtc(shop.FileOf(Orders)).AddHours(-1)
        );
        var older = await shop.RunAsync(SmallShop.Monday, [.. Names, "--Etl:Delivery:Require=Marker"]);
        (older.ExitCode, older.Code).ShouldBe((3, "source_incomplete"));
        older.Error.ShouldContain($"the marker _SUCCESS is older than {Orders}");
    }

    [Fact]
    public async Task A_listed_file_with_a_declared_name_must_exist()
    {
        await using var shop = await ShopAsync();
        shop.Write("SHA256SUMS", $"{new string('0', 64)}  {Orders}.gz\n{new string('0', 64)}  other.csv\n");

        var run = await shop.RunAsync(SmallShop.Monday, Names);

        (run.ExitCode, run.Code).ShouldBe((3, "source_incomplete"));
        run.Error.ShouldContain($"{Orders}.gz is missing: SHA256SUMS lists it");
    }

    [Fact]
    public async Task Several_files_of_a_pattern_are_refused_by_check_and_run()
    {
        await using var shop = await ShopAsync();
        shop.Write("reviews-2022-09-05T05.csv", "review,product_id\n5,1\n");
        Task<Answer>[] answers = [shop.CheckAsync(SmallShop.Monday, Names), shop.RunAsync(SmallShop.Monday, Names)];

        foreach (var answer in await Task.WhenAll(answers))
        {
            (answer.ExitCode, answer.Code).ShouldBe((3, "source_ambiguous"));
            answer.Error.ShouldContain("reviews-2022-09-05T04.csv.gz and reviews-2022-09-05T05.csv");
        }
    }

    [Fact]
    public async Task A_file_that_has_a_name_of_two_datasets_is_refused()
    {
        await using var shop = await ShopAsync();
        string[] names = ["--Etl:Files:Orders:Names:0=ship*.csv", "--Etl:Files:Shipments:Names:0=shipments.csv"];

        var run = await shop.RunAsync(SmallShop.Monday, [.. Names[1..2], .. names]);

        (run.ExitCode, run.Code).ShouldBe((3, "source_ambiguous"));
        run.Error.ShouldContain("The names of orders and shipments match the same file: file://");
    }

    [Fact]
    public async Task A_name_with_a_date_is_suggested_and_then_read()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        File.Move(shop.FileOf("orders.csv"), shop.FileOf("orders_20220905.csv"));

        var missing = await shop.CheckAsync(SmallShop.Monday);
        (missing.ExitCode, missing.Code).ShouldBe((3, "source_missing"));
        missing.Error.ShouldContain("Found instead: orders_20220905.csv.");
        missing.Error.ShouldContain("or set Etl:Files:Orders:Names:0 to orders_{date:yyyyMMdd}.csv, then run again");

        var run = await shop.RunAsync(SmallShop.Monday, "--Etl:Files:Orders:Names:0=orders_{date:yyyyMMdd}.csv");
        run.ExitCode.ShouldBe(0, run.Error);
    }

    [Fact]
    public async Task A_source_with_formats_of_the_date_is_backfilled_and_a_lake_with_one_is_refused()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        Directory.CreateDirectory(shop.FileOf("2022/09", ""));
        Directory.Move(shop.FileOf(""), shop.FileOf("2022/09/05", ""));
        var source = shop.FileOf("{date:yyyy/MM}/{date:dd}", "");
        string[] days = ["--from", SmallShop.Monday, "--to", SmallShop.Monday];

        var run = await shop.EtlAsync(["backfill", .. days, "--source", source, "--lake", shop.Lake]);
        run.ExitCode.ShouldBe(0, run.Error);
        var lake = await shop.EtlAsync(["backfill", .. days, "--source", source, "--lake", "lake/{date:yyyy}"]);
        lake.ExitCode.ShouldBe(2);
        lake.Error.ShouldContain(
            "Etl:Lake:Uri has a placeholder for the date; give one location for all business dates."
        );
        var wrong = await shop.EtlAsync(["backfill", .. days, "--source", "in/{date:HH}", "--lake", shop.Lake]);
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("Etl:Source:Uri has {date:HH}, which is not a date");
        var name = await shop.RunAsync(SmallShop.Monday, "--Etl:Files:Orders:Names:0=../orders.csv");
        name.ExitCode.ShouldBe(2);
        name.Error.ShouldContain("Etl:Files:Orders:Names holds '../orders.csv', which is not the name of a file");
    }

    private async Task<SmallShop> ShopAsync()
    {
        var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("products.csv", "product_id,product_category,product_name\n1,Light,Lamp\n");
        Directory.CreateDirectory(Path.GetDirectoryName(shop.FileOf(Orders))!);
        File.Move(shop.FileOf("orders.csv"), shop.FileOf(Orders));
        File.Move(shop.FileOf("shipment_deliveries.csv"), shop.FileOf("shipments.csv"));
        await using var compressed = new GZipStream(
            File.Create(shop.FileOf("reviews-2022-09-05T04.csv.gz")),
            CompressionLevel.Optimal
        );
        await compressed.WriteAsync(await File.ReadAllBytesAsync(shop.FileOf("reviews.csv")));
        File.Delete(shop.FileOf("reviews.csv"));
        return shop;
    }
}
