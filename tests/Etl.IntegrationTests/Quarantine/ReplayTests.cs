using System.Text;
using Etl.Hosts.Console.Samples;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Quarantine;

public sealed class ReplayTests(PostgresServer server)
{
    private const string AnyShare = "--Etl:Quality:MaxRejectedPercent=100";
    private const string OddHeader = "note,amount,quantity,unit_price,product_id,order_date,customer_id,order_id";

    [Fact]
    public async Task Corrected_rows_join_the_published_run_as_a_run_of_its_own()
    {
        await using var shop = await SpoiltAsync();
        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        (await ExportAsync(shop, "orders", corrected)).ExitCode.ShouldBe(0);
        var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(corrected));
        text.ShouldBe(
            $"{OddHeader}\n,5,1,5,1,2021-12-27x,9,21\n,6,1,6,1,2021-12-27,\xC3(,22\n\"a\"b,7,1,7,1,2021-12-27,9,23\n"
        );
        text = text.Replace("27x", "27").Replace("\xC3(", "9").Replace("\"a\"b", "\"a,b\"");
        await File.WriteAllTextAsync(corrected, text);
        File.Delete(shop.FileOf("dim_products.csv"));

        var replay = await ReplayAsync(shop, "orders", corrected);

        replay.ExitCode.ShouldBe(0, replay.Error);
        replay.Json.GetProperty("runId").GetString().ShouldBe("20220905-002");
        replay.Json.GetProperty("baseRunId").GetString().ShouldBe("20220905-001");
        replay.Json.GetProperty("asOf").GetString().ShouldBe("2022-09-01");
        (await shop.QueryAsync("select order_id::text, run_id from staging.orders order by order_id")).ShouldBe([
            .. new[] { 1, 2, 21, 22, 23 }.Select(i => $"{i}|20220905-002"),
        ]);
        (
            await shop.QueryAsync(
                "select orders::text, revenue::text from analytics.daily_orders where order_date = '2021-12-27'"
            )
        ).ShouldBe(["3|18.00"]);
        (
            await shop.QueryAsync("select product_name from analytics.product_performance where product_id = 1")
        ).ShouldBe(["Lamp"]);
        (await shop.QueryAsync("select run_id, trigger, status, base_run_id from etl.runs order by run_id")).ShouldBe([
            "20220905-001|manual|superseded|",
            "20220905-002|replay|succeeded|20220905-001",
        ]);
        (
            await shop.QueryAsync(
                """
                select dataset, role, read::text, loaded::text, rejected::text from etl.run_files
                where run_id = '20220905-002' order by 1, 2
                """
            )
        ).ShouldBe(["orders|base|2|2|0", "orders|corrected|3|3|0", "reviews|base|4|4|0", "shipments|base|5|5|0"]);
        var manifest = await File.ReadAllTextAsync(
            Path.Combine(shop.Lake, "analytics_export", "latest", "manifest.json")
        );
        manifest.ShouldContain("20220905-002");
        manifest.ShouldContain("corrected.csv");
        (await shop.QueryAsync("select body from etl.messages where run_id = '20220905-002'"))
            .Single()
            .ShouldContain("20220905-001");
    }

    [Fact]
    public async Task A_corrected_row_with_a_published_key_is_a_duplicate()
    {
        await using var shop = await SpoiltAsync();
        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        await File.WriteAllTextAsync(
            corrected,
            SmallShop.OrdersHeader + "1,9,2021-12-27,1,1,1,1\n31,9,2021-12-27,1,1,1,1\n31,9,2021-12-27,1,1,1,1\n"
        );

        var replay = await ReplayAsync(shop, "orders", corrected, AnyShare);

        replay.ExitCode.ShouldBe(0, replay.Error);
        (await shop.QueryAsync("select order_id::text from staging.orders order by order_id")).ShouldBe([
            "1",
            "2",
            "31",
        ]);
        (
            await shop.QueryAsync(
                "select line::text, code, part from etl.quarantine where run_id = '20220905-002' order by line"
            )
        ).ShouldBe(["2|duplicate_key|corrected.csv", "4|duplicate_key|corrected.csv"]);
        (await ReplayAsync(shop, "orders", corrected, AnyShare, "20220905-002")).ExitCode.ShouldBe(0);
        (await shop.QueryAsync("select count(*)::text from staging.orders")).ShouldBe(["3"]);
    }

    [Fact]
    public async Task Uncorrected_rows_are_rejected_again_for_the_same_reason()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        var folder = Path.GetDirectoryName(shop.FileOf("orders.csv"))!;
        SampleWriter.Write(new SampleOptions(folder, Orders: 1500, Seed: 5, DirtyPercent: 6), CancellationToken.None);
        (await shop.RunAsync(SmallShop.Monday, AnyShare)).ExitCode.ShouldBe(0);
        List<string> files = [];
        foreach (var dataset in new[] { "orders", "reviews", "shipments" })
        {
            var file = Path.Combine(shop.Folder, $"{dataset}.csv");
            (await ExportAsync(shop, dataset, file)).ExitCode.ShouldBe(0);
            files.AddRange(["--dataset", dataset, "--from", file]);
        }

        var replay = await shop.EtlAsync([
            "quarantine",
            "replay",
            "--run",
            "20220905-001",
            "--lake",
            shop.Lake,
            AnyShare,
            .. files,
        ]);

        replay.ExitCode.ShouldBe(0, replay.Error);
        (await RejectsAsync("20220905-002")).ShouldBe(await RejectsAsync("20220905-001"));

        Task<IReadOnlyList<string>> RejectsAsync(string run) =>
            shop.QueryAsync(
                $"""
                select dataset, code, coalesce(column_name, ''), encode(raw, 'hex') from etl.quarantine
                where run_id = '{run}' and code <> 'record_too_long' order by dataset, byte_offset
                """
            );
    }

    [Fact]
    public async Task Only_the_published_run_can_be_replayed_and_a_refusal_changes_nothing()
    {
        await using var shop = await SpoiltAsync();
        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        await File.WriteAllTextAsync(corrected, SmallShop.OrdersHeader + "31,9,2021-12-27,1,1,1,1\n");
        (await ReplayAsync(shop, "orders", corrected, run: "20220905-009")).ExitCode.ShouldBe(2);
        shop.WriteDay(SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Tuesday)).ExitCode.ShouldBe(0);

        var refused = await ReplayAsync(shop, "orders", corrected);

        (refused.ExitCode, refused.Code).ShouldBe((2, "usage"));
        refused.Error.ShouldContain("run 20220906-001 is");
        refused.Error.ShouldContain("etl run --date 2022-09-05 --force");
        (await shop.QueryAsync("select count(*)::text from etl.runs")).ShouldBe(["2"]);
    }

    [Theory]
    [InlineData("", 3, "source_empty")]
    [InlineData(SmallShop.OrdersHeader, 3, "source_empty")]
    [InlineData("order_id,customer_id\n", 3, "source_header")]
    [InlineData(SmallShop.OrdersHeader + "x,9,2021-12-27,1,1,1,1\n", 4, "reject_limit")]
    public async Task A_replay_that_fails_leaves_the_published_run_as_it_is(string content, int exit, string code)
    {
        await using var shop = await SpoiltAsync();
        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        await File.WriteAllTextAsync(corrected, content);

        var replay = await ReplayAsync(shop, "orders", corrected);

        (replay.ExitCode, replay.Code).ShouldBe((exit, code));
        (await shop.QueryAsync("select distinct run_id from staging.orders")).ShouldBe(["20220905-001"]);
        (await shop.QueryAsync("select status from etl.runs order by run_id")).ShouldBe(["succeeded", "failed"]);
    }

    [Fact]
    public async Task A_list_shows_the_last_run_with_rejects_and_an_export_never_writes_over_a_file()
    {
        await using var shop = await SpoiltAsync();
        shop.WriteDay(SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Tuesday)).ExitCode.ShouldBe(0);

        var list = (await shop.EtlAsync("quarantine", "list", "--dataset", "orders", "--code", "bad_utf8")).Json;

        list.GetProperty("runId").GetString().ShouldBe("20220905-001");
        var row = list.GetProperty("rows").EnumerateArray().Single();
        row.GetProperty("line").GetInt64().ShouldBe(5);
        row.GetProperty("column").GetString().ShouldBe("customer_id");
        Convert.FromBase64String(row.GetProperty("rawBase64").GetString()!).ShouldContain((byte)0xC3);
        var file = Path.Combine(shop.Folder, "there.csv");
        await File.WriteAllTextAsync(file, "mine");
        (await ExportAsync(shop, "orders", file)).ExitCode.ShouldBe(2);
        (await File.ReadAllTextAsync(file)).ShouldBe("mine");
        (await ExportAsync(shop, "reviews", file + "2")).ExitCode.ShouldBe(2);
        File.Exists(file + "2").ShouldBeFalse();
    }

    [Fact]
    public async Task Beyond_the_cap_the_first_rows_are_kept_and_an_export_says_what_is_missing()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("reviews.csv", "review,product_id\n9,1\n8,1\n5,1\n7,1\n6,1\n0,1\n");
        (await shop.RunAsync(SmallShop.Monday, AnyShare, "--Etl:Quality:MaxKeptRejects=3")).ExitCode.ShouldBe(0);

        (await shop.QueryAsync("select line::text from etl.quarantine order by line")).ShouldBe(["2", "3", "5"]);
        (await shop.QueryAsync("select rows::text from etl.reject_counts")).ShouldBe(["5"]);
        var export = (await ExportAsync(shop, "reviews", Path.Combine(shop.Folder, "r.csv"))).Json;
        (export.GetProperty("written").GetInt64(), export.GetProperty("notKept").GetInt64()).ShouldBe((3, 2));
    }

    /// <summary>A published Monday with two good orders and three bad ones, in columns of another order.</summary>
    private async Task<SmallShop> SpoiltAsync()
    {
        var shop = await SmallShop.OpenAsync(server);
        byte[] orders =
        [
            .. "\uFEFF"u8,
            .. Encoding.Latin1.GetBytes(
                $"{OddHeader}\r\n,1,1,1,1,2021-12-24,9,1\r\n,2,1,2,2,2021-12-25,9,2\r\n"
                    + ",5,1,5,1,2021-12-27x,9,21\r\n,6,1,6,1,2021-12-27,\xC3(,22\r\n\"a\"b,7,1,7,1,2021-12-27,9,23\r\n"
            ),
        ];
        shop.WriteDay()
            .Write("orders.csv", orders)
            .Write("dim_products.csv", "product_id,product_category,product_name\n1,Light,Lamp\n");
        var run = await shop.RunAsync(SmallShop.Monday, AnyShare, "--as-of", "2022-09-01");
        run.ExitCode.ShouldBe(0, run.Error);
        return shop;
    }

    private static Task<Answer> ExportAsync(SmallShop shop, string dataset, string to) =>
        shop.EtlAsync("quarantine", "export", "--run", "20220905-001", "--dataset", dataset, "--out", to);

    private static Task<Answer> ReplayAsync(
        SmallShop shop,
        string dataset,
        string from,
        string setting = "--Etl:Quality:MaxRejectedPercent=1",
        string run = "20220905-001"
    ) =>
        shop.EtlAsync(
            "quarantine",
            "replay",
            "--run",
            run,
            "--dataset",
            dataset,
            "--from",
            from,
            "--lake",
            shop.Lake,
            setting
        );
}
