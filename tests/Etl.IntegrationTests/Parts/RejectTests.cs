using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Parts;

/// <summary>Rejected rows of several parts: which row of a key stays, and how rows are corrected and replayed.</summary>
public sealed class RejectTests(PostgresServer server)
{
    private static readonly string[] Settings =
    [
        "--Etl:Files:Orders:Names:0=orders-*.csv",
        "--Etl:Files:Orders:Parts=All",
        "--Etl:Quality:MaxRejectedPercent=100",
    ];

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public async Task Of_rows_with_one_key_the_one_of_the_first_name_stays(string written, string later)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay()
            .Write($"orders-{written}.csv", Rows("1,9,2022-01-01,1,1,1,1", "2,9,2022-01-01,1,1,1,1"))
            .Write(
                $"orders-{later}.csv",
                Rows("3,9,2022-01-02,1,2,1,2", "2,9,2022-01-02,1,2,1,2", "3,1,2022-01-03,1,2,1,2")
            );
        var (first, second) = written == "a" ? ("2022-01-01", "2022-01-02") : ("2022-01-02", "2022-01-01");

        var check = await shop.CheckAsync(SmallShop.Monday, Settings);
        (await shop.RunAsync(SmallShop.Monday, Settings)).ExitCode.ShouldBe(0);

        (await shop.QueryAsync("select order_date::text from staging.orders where order_id = 2")).ShouldBe([first]);
        const string Place = "line 3 of orders-a.csv";
        var rejects = await shop.QueryAsync(
            "select part, line::text, message, substr(convert_from(raw, 'UTF8'), 5, 10) from etl.quarantine order by 1, 2"
        );
        rejects.ShouldContain(r =>
            r.StartsWith($"orders-b.csv|3|order_id is '2', which {Place} has|", StringComparison.Ordinal)
        );
        rejects.Single(r => r.StartsWith("orders-b.csv|3|", StringComparison.Ordinal)).ShouldEndWith(second);
        rejects.ShouldContain(r =>
            r.StartsWith(
                $"orders-{later}.csv|4|order_id is '3', which line 2 of orders-{later}.csv has|",
                StringComparison.Ordinal
            )
        );
        check
            .Json.GetProperty("files")
            .EnumerateArray()
            .SelectMany(f => f.GetProperty("firstRejects").EnumerateArray())
            .Select(r => r.GetProperty("message").GetString())
            .ShouldBe(rejects.Select(r => r.Split('|')[2]), ignoreOrder: true);
        (
            await shop.QueryAsync(
                "select part, read::text, loaded::text, rejected::text from etl.run_files where dataset = 'orders' order by 1"
            )
        ).ShouldBe(
            written == "a" ? ["orders-a.csv|2|2|0", "orders-b.csv|3|1|2"] : ["orders-a.csv|3|2|1", "orders-b.csv|2|1|1"]
        );
    }

    [Fact]
    public async Task Rows_of_parts_with_other_headers_are_exported_to_files_of_their_own_and_replayed_together()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        const string Other = "total_price,quantity,unit_price,product_id,order_date,customer_id,order_id\n";
        shop.WriteDay()
            .Write("orders-1.csv", Rows("1,9,2022-01-01,1,1,1,1", "2,9,soon,1,1,1,1"))
            .Write("orders-2.csv", $"{Other}1,1,1,1,2022-01-01,9,3\n1,1,1,1,later,9,4\n")
            .Write("orders-3.csv", Rows("5,9,never,1,1,1,1"))
            .Write("orders-4.csv", Rows("6,9,2022-01-01,1,1,1,1"));
        (await shop.RunAsync(SmallShop.Monday, Settings)).ExitCode.ShouldBe(0);

        var to = Path.Combine(shop.Folder, "corrected.csv");
        var second = Path.Combine(shop.Folder, "corrected-2.csv");
        var export = await shop.EtlAsync(
            "quarantine",
            "export",
            "--run",
            "20220905-001",
            "--dataset",
            "orders",
            "--out",
            to
        );
        export.ExitCode.ShouldBe(0, export.Error);
        export
            .Json.GetProperty("files")
            .EnumerateArray()
            .Select(f => string.Join(' ', f.GetProperty("parts").EnumerateArray()))
            .ShouldBe(["orders-1.csv orders-3.csv", "orders-2.csv"]);
        (await File.ReadAllTextAsync(to)).ShouldBe(Rows("2,9,soon,1,1,1,1", "5,9,never,1,1,1,1"));
        (await File.ReadAllTextAsync(second)).ShouldBe($"{Other}1,1,1,1,later,9,4\n");
        await File.WriteAllTextAsync(
            to,
            Rows("2,9,2022-01-02,1,1,1,1", "5,9,2022-01-02,1,1,1,1", "6,1,2022-01-02,1,1,1,1")
        );
        await File.WriteAllTextAsync(second, $"{Other}1,1,1,1,2022-01-02,9,4\n1,1,1,1,2022-01-02,9,5\n");

        var replay = await ReplayAsync(shop, "20220905-001", to, second);

        replay.ExitCode.ShouldBe(0, replay.Error);
        (await shop.QueryAsync("select order_id::text from staging.orders order by 1")).ShouldBe([
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
        ]);
        (
            await shop.QueryAsync(
                "select role, part, read::text, loaded::text, rejected::text from etl.run_files where run_id = '20220905-002' and dataset = 'orders' order by 1, 2"
            )
        ).ShouldBe([
            "base|orders-1.csv|1|1|0",
            "base|orders-2.csv|1|1|0",
            "base|orders-3.csv|0|0|0",
            "base|orders-4.csv|1|1|0",
            "corrected|corrected-2.csv|2|2|0",
            "corrected|corrected.csv|3|1|2",
        ]);
        (
            await shop.QueryAsync(
                "select part, message from etl.quarantine where run_id = '20220905-002' order by line"
            )
        ).ShouldBe([
            "corrected.csv|order_id is '5', which line 3 of corrected-2.csv has",
            "corrected.csv|order_id is '6', which an earlier row of the file has",
        ]);

        await File.WriteAllTextAsync(to, Rows("7,9,2022-01-02,1,1,1,1"));
        (await ReplayAsync(shop, "20220905-002", to)).ExitCode.ShouldBe(0);
        (
            await shop.QueryAsync(
                "select role, part, loaded::text from etl.run_files where run_id = '20220905-003' and dataset = 'orders' and loaded > 1"
            )
        ).ShouldBe(["base|orders-1.csv|4"]);
        var same = await ReplayAsync(shop, "20220905-003", to, to);
        (same.ExitCode, same.Code).ShouldBe((2, "usage"));
        same.Error.ShouldContain("Two corrected files of orders have the same name.");
    }

    private static Task<Answer> ReplayAsync(SmallShop shop, string run, params string[] files) =>
        shop.EtlAsync([
            "quarantine",
            "replay",
            "--run",
            run,
            "--lake",
            shop.Lake,
            "--Etl:Quality:MaxRejectedPercent=100",
            .. files.SelectMany(f => (string[])["--dataset", "orders", "--from", f]),
        ]);

    private static string Rows(params string[] rows) => $"{SmallShop.OrdersHeader}{string.Join('\n', rows)}\n";
}
