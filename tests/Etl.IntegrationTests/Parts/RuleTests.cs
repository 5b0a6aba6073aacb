using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Parts;

/// <summary>Which files are parts of a dataset, and what is refused.</summary>
public sealed class RuleTests(PostgresServer server)
{
    private const string AllOrders = "--Etl:Files:Orders:Parts=All";
    private const string AnyName = "--Etl:Files:Orders:Names:0=orders*.csv";
    private const string AnyVolume = "--Etl:Quality:OnShrunk=Warn";

    [Fact]
    public async Task Several_files_are_refused_and_the_setting_is_named()
    {
        await using var shop = await ShopAsync();

        var refused = await shop.RunAsync(SmallShop.Monday, AnyName);
        (refused.ExitCode, refused.Code).ShouldBe((3, "source_ambiguous"));
        refused.Error.ShouldContain("orders-1.csv, orders-2.csv and orders-3.csv");
        refused.Error.ShouldContain(
            ", or set Etl:Files:Orders:Parts=All if all of them together are the orders of the day"
        );
        var suggested = await shop.CheckAsync(SmallShop.Monday, AnyName, "--suggest");
        suggested.Out.ShouldContain("There are 3 orders files, from orders-1.csv to orders-3.csv.");
        suggested.Out.ShouldContain("Etl:Files:Orders:Parts = All");

        (await shop.CheckAsync(SmallShop.Monday, AnyName, AllOrders)).ExitCode.ShouldBe(0);
        (await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders)).ExitCode.ShouldBe(0);
        (
            await shop.QueryAsync("select part, read::text from etl.run_files where dataset = 'orders' order by 1")
        ).ShouldBe(["orders-1.csv|2", "orders-2.csv|2", "orders-3.csv|1"]);
    }

    [Fact]
    public async Task A_part_that_is_there_twice_is_refused()
    {
        await using var shop = await ShopAsync();
        shop.Write("orders-2.csv.gz", await File.ReadAllBytesAsync(shop.FileOf("orders-2.csv")));

        var run = await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders);

        (run.ExitCode, run.Code).ShouldBe((3, "source_ambiguous"));
        run.Error.ShouldContain("orders-2.csv, orders-2.csv.gz");
        run.Error.ShouldNotContain("Parts=All");
    }

    [Fact]
    public async Task Only_datasets_have_parts()
    {
        await using var shop = await ShopAsync();

        var products = await shop.RunAsync(SmallShop.Monday, "--Etl:Files:Products:Parts=All");
        products.ExitCode.ShouldBe(2);
        products.Error.ShouldContain("Etl:Files:Products:Parts is All, but this file has no parts");
        var wrong = await shop.RunAsync(SmallShop.Monday, "--Etl:Files:Orders:Parts=Several");
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("Etl:Files:Orders:Parts");
    }

    [Fact]
    public async Task Parts_of_an_earlier_day_are_refused_where_no_name_states_the_day()
    {
        await using var shop = await ShopAsync();
        var folder = Path.GetDirectoryName(shop.FileOf("orders-1.csv"))!;
        foreach (var file in Directory.GetFiles(folder))
        {
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddHours(-1));
        }

        (await RunAsync("run", SmallShop.Monday)).ExitCode.ShouldBe(0);
        shop.Write("orders-4.csv", $"{SmallShop.OrdersHeader}6,9,2022-01-06,1,1,1,1\n");
        (await RunAsync("run", SmallShop.Monday, "--force")).ExitCode.ShouldBe(0);
        var before = (await shop.QueryAsync("select max(started_at)::text from etl.runs")).Single();

        foreach (var verb in new[] { "run", "plan" })
        {
            var tuesday = await RunAsync(verb, SmallShop.Tuesday);
            (tuesday.ExitCode, tuesday.Code).ShouldBe((3, "source_ambiguous"));
            tuesday.Error.ShouldContain("4 orders files in ");
            tuesday.Error.ShouldContain(
                $"are older than run 20220905-002, which started at {DateTimeOffset.Parse(before, null).UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: "
                    + "orders-1.csv, orders-2.csv, orders-3.csv and orders-4.csv."
            );
            tuesday.Error.ShouldContain("put the date into Etl:Files:Orders:Names or Etl:Source:Uri");
        }

        foreach (var file in Directory.GetFiles(folder, "orders*"))
        {
            File.Delete(file);
        }

        shop.Write("orders-1.csv", $"{SmallShop.OrdersHeader}7,9,2022-01-06,1,1,1,1\n")
            .Write("orders-2.csv", $"{SmallShop.OrdersHeader}8,9,2022-01-06,1,1,1,1\n");
        var today = await RunAsync("run", SmallShop.Tuesday);
        today.ExitCode.ShouldBe(0, today.Error);

        Task<Answer> RunAsync(string verb, string day, params string[] more) =>
            shop.EtlAsync([
                verb,
                "--source",
                folder,
                "--lake",
                shop.Lake,
                "--date",
                day,
                AnyName,
                AllOrders,
                AnyVolume,
                "--Etl:Quality:OnUnchanged=Allow",
                .. more,
            ]);
    }

    [Theory]
    [InlineData("orders_*.csv", false)]
    [InlineData("orders_{date:yyyyMM}*.csv", false)]
    [InlineData("orders_{date:yyyyMMdd}*.csv", true)]
    public async Task Parts_with_the_date_of_another_day_are_refused(string names, bool isRead)
    {
        await using var shop = await ShopAsync();
        var folder = Path.GetDirectoryName(shop.FileOf("orders-1.csv"))!;
        File.Move(shop.FileOf("orders-1.csv"), shop.FileOf("orders_20220905a.csv"));
        File.Move(shop.FileOf("orders-2.csv"), shop.FileOf("orders_20220905b.csv"));
        File.Move(shop.FileOf("orders-3.csv"), shop.FileOf("orders_20220904.csv"));

        var run = await shop.EtlAsync(
            "run",
            "--source",
            folder,
            "--lake",
            shop.Lake,
            "--date",
            SmallShop.Monday,
            AllOrders,
            $"--Etl:Files:Orders:Names:0={names}"
        );

        run.ExitCode.ShouldBe(isRead ? 0 : 3, run.Error);
        if (!isRead)
        {
            run.Error.ShouldContain("of another day than 2022-09-05: orders_20220904.csv.");
            run.Error.ShouldContain("as in orders_{date:yyyyMMdd}.csv");
        }
    }

    [Fact]
    public async Task A_part_without_a_required_column_fails_the_run_with_its_name()
    {
        await using var shop = await ShopAsync();
        shop.Write("orders-2.csv", "order_id,customer_id,order_date,product_id,unit_price\n3,9,2021-12-23,1,1\n");

        foreach (
            var answer in new[]
            {
                await shop.CheckAsync(SmallShop.Monday, AnyName, AllOrders),
                await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders),
            }
        )
        {
            (answer.ExitCode, answer.Code).ShouldBe((3, "source_header"));
            answer.Error.ShouldContain("The header of orders-2.csv lacks quantity, total_price.");
        }
    }

    [Fact]
    public async Task Checksums_and_rows_are_compared_part_by_part_and_a_listed_part_must_exist()
    {
        await using var shop = await ShopAsync();
        shop.Write("control.csv", "file,rows\norders-1.csv,2\norders-2.csv,2\norders-3.csv,2\n");
        string[] settings = [AnyName, AllOrders, "--Etl:Delivery:Control=control.csv"];

        var other = await shop.RunAsync(SmallShop.Monday, settings);
        (other.ExitCode, other.Code).ShouldBe((3, "source_incomplete"));
        other.Error.ShouldContain("orders-3.csv has 1 row; control.csv states 2");

        shop.Write("control.csv", "file,rows\norders-1.csv,2\norders-2.csv,2\norders-3.csv,1\norders-4.csv,1\n");
        var missing = await shop.RunAsync(SmallShop.Monday, settings);
        (missing.ExitCode, missing.Code).ShouldBe((3, "source_incomplete"));
        missing.Error.ShouldContain("orders-4.csv is missing: control.csv lists it");
    }

    [Fact]
    public async Task Days_are_compared_by_the_sums_of_their_parts()
    {
        await using var shop = await ShopAsync();
        (await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders)).ExitCode.ShouldBe(0);
        shop.WriteDay(SmallShop.Tuesday);
        shop.Write("orders.csv", $"{SmallShop.OrdersHeader}1,9,2022-01-06,1,1,1,1\n", SmallShop.Tuesday)
            .Write("orders-2.csv", $"{SmallShop.OrdersHeader}2,9,2022-01-06,1,1,1,1\n", SmallShop.Tuesday);

        var shrunk = await shop.RunAsync(SmallShop.Tuesday, AnyName, AllOrders);
        (shrunk.ExitCode, shrunk.Code).ShouldBe((3, "source_shrunk"));
        shrunk.Error.ShouldContain(
            "The 2 orders files together have 2 rows; the run of 2022-09-05 had 5: 3 rows are missing: file://"
        );

        foreach (var name in new[] { "orders-1.csv", "orders-2.csv", "orders-3.csv" })
        {
            File.Copy(shop.FileOf(name), shop.FileOf($"orders-again-{name}", SmallShop.Tuesday), overwrite: true);
        }

        File.Delete(shop.FileOf("orders.csv", SmallShop.Tuesday));
        File.Delete(shop.FileOf("orders-2.csv", SmallShop.Tuesday));
        var unchanged = await shop.RunAsync(SmallShop.Tuesday, AnyName, AllOrders, "--Etl:Quality:OnUnchanged=Fail");
        unchanged.Error.ShouldContain("The 3 orders files together have the same bytes as in the run of 2022-09-05");
    }

    [Fact]
    public async Task A_new_part_is_a_redelivery_and_the_same_parts_with_other_names_are_none()
    {
        await using var shop = await ShopAsync();
        (await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders)).ExitCode.ShouldBe(0);

        File.Move(shop.FileOf("orders-1.csv"), shop.FileOf("orders-1-renamed.csv"));
        var renamed = await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders);
        renamed.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeFalse();
        File.Delete(shop.FileOf("orders-1-renamed.csv"));
        var removed = await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders);
        removed.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeFalse();

        shop.Write("orders-4.csv", $"{SmallShop.OrdersHeader}6,9,2022-01-06,1,1,1,1\n")
            .Write("orders-2.csv", $"{SmallShop.OrdersHeader}3,9,2021-12-23,2,10.50,2,21.00\n");
        var added = await shop.RunAsync(SmallShop.Monday, AnyName, AllOrders);
        added.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        added
            .Warnings[0]
            .ShouldMatch(@"orders-2\.csv has \d+ bytes instead of \d+, orders-4\.csv has \d+ bytes instead of no file");

        var rerun = await shop.RunAsync(
            SmallShop.Monday,
            AnyName,
            AllOrders,
            AnyVolume,
            "--Etl:Run:OnRedelivery=Rerun"
        );
        rerun.Json.GetProperty("runId").GetString().ShouldBe("20220905-002");
        (await shop.QueryAsync("select order_id::text from staging.orders order by 1")).ShouldBe(["3", "5", "6"]);
    }

    private async Task<SmallShop> ShopAsync()
    {
        var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        var lines = await File.ReadAllLinesAsync(shop.FileOf("orders.csv"));
        foreach (var (number, rows) in lines[1..].Chunk(2).Index())
        {
            shop.Write($"orders-{number + 1}.csv", $"{lines[0]}\n{string.Join('\n', rows)}\n");
        }

        File.Delete(shop.FileOf("orders.csv"));
        return shop;
    }
}
