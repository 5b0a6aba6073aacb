using System.Text;
using System.Text.RegularExpressions;
using Etl.Domain;
using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ids;

/// <summary>Whole runs of the program whose ids are text.</summary>
public sealed partial class TextIdTests(PostgresServer server)
{
    private static readonly string[] Settings =
    [
        "--Etl:Ids:Order=Text",
        "--Etl:Ids:Product=Text",
        "--Etl:Ids:Customer=Text",
        "--Etl:Ids:Shipment=Text",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_rows_with_number_ids_and_with_text_ids_give_the_same_exports(bool named)
    {
        await using var numbers = await SampleAsync(DatasetCatalog.BuiltIn, named);
        await using var texts = await SampleAsync(Configured.TextIds, named);

        var first = await numbers.RunAsync(SmallShop.Monday, "--as-of", "2025-06-30");
        var second = await texts.RunAsync(SmallShop.Monday, ["--as-of", "2025-06-30", .. Settings]);

        first.ExitCode.ShouldBe(0, first.Error);
        second.ExitCode.ShouldBe(0, second.Error);
        (await texts.QueryAsync("select min(order_id), min(customer_id), min(product_id) from staging.orders"))
            .Single()
            .ShouldMatch("^#1001\\|[0-9a-f]{8}-.*\\|SKU-001$");
        var exported = Exports(texts);
        exported["product_performance.csv"].ShouldContain(named ? "\nSKU-022," : "\nSKU-022,Product SKU-022,");
        exported = exported.ToDictionary(e => e.Key, e => Sku().Replace(e.Value, ""));
        exported.ShouldBe(Exports(numbers));
        exported.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_text_id_is_loaded_and_exported_byte_for_byte_or_its_row_is_rejected()
    {
        await using var shop = await SmallShop.OpenAsync(server, icuLocale: "en-US");
        string[] products = ["=1+1", "+7", "-7", "@x", "a,\"b\"", "Zoë", "Zoe\u0308", "A", "a", "007", "7", "1.0"];
        var orders = products.Select((p, i) => $"#{i},c,2021-12-27,{Quoted(p)},1,1,1\n");
        var bad = new[] { "#5", "x\0", new string('x', 201), "\xC3(", "", "late" };
        shop.Write(
                "orders.csv",
                Encoding.Latin1.GetBytes(
                    SmallShop.OrdersHeader
                        + string.Concat(orders.Select(o => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(o))))
                        + string.Concat(bad.Select(b => $"{b},c,2021-12-27,A,1,1,1\n"))
                )
            )
            .Write("reviews.csv", "review,product_id\n5,A\n5,a\n")
            .Write("dim_products.csv", "product_id,product_category,product_name\n=1+1,,=2+2\n007,,Bond\n7,,Seven\n")
            .Write(
                "shipment_deliveries.csv",
                "shipment_id,order_id,shipment_date,delivery_date\ns1,#8,2021-12-28,\nS1,#0,2021-12-28,\n"
            );

        var run = await shop.RunAsync(SmallShop.Monday, [.. Settings, "--Etl:Quality:MaxRejectedPercent=100"]);

        run.ExitCode.ShouldBe(0, run.Error);
        (
            await shop.QueryAsync("select order_id, product_id from staging.orders order by length(order_id), order_id")
        ).ShouldBe([.. products.Select((p, i) => $"#{i}|{p}"), "late|A"]);
        (await shop.QueryAsync("select code, column_name from etl.quarantine order by line")).ShouldBe([
            "duplicate_key|order_id",
            "out_of_range|order_id",
            "out_of_range|order_id",
            "bad_utf8|order_id",
            "null_not_allowed|order_id",
        ]);
        (
            await shop.QueryAsync("select shipments::text from analytics.shipment_status where age <> 'unknown'")
        ).ShouldBe(["2"]);
        // Bytewise: ties of the best product go to A, and the export is in this order.
        Exports(shop)["best_performing_product.csv"].ShouldContain(",Product A,", Case.Sensitive);
        string.Join(
                '\n',
                Exports(shop)["product_performance.csv"]
                    .TrimEnd('\n')
                    .Split('\n')[1..]
                    .Select(r => r.Split(",1,1,1.00")[0])
            )
            .ShouldBe(
                """"
                +7,Product +7
                -7,Product -7
                007,Bond
                1.0,Product 1.0
                7,Seven
                =1+1,'=2+2
                @x,Product @x
                A,Product A,2,2,2.00,1,5,0.00,0.00,0.00,0.00,100.00,0.00,0.00
                Zoë,Product Zoë
                Zoë,Product Zoë
                a,Product a
                "a,""b""","Product a,""b"""
                """"
            );
    }

    [Fact]
    public async Task Rejected_rows_with_text_ids_are_exported_corrected_and_replayed()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.Write(
                "orders.csv",
                SmallShop.OrdersHeader
                    + "#1,c1,2021-12-27,A,5,1,5\n#2,c1,2021-12-27x,A,6,1,6\n#3,c1,2021-12-27,,7,1,7\n"
            )
            .Write("reviews.csv", "review,product_id\n5,A\n")
            .Write("shipment_deliveries.csv", "shipment_id,order_id,shipment_date,delivery_date\nS1,#2,2021-12-28,\n");
        string[] settings = [.. Settings, "--Etl:Quality:MaxRejectedPercent=100", "--lake", shop.Lake];
        (await shop.RunAsync(SmallShop.Monday, settings[..^2])).ExitCode.ShouldBe(0);
        var file = Path.Combine(shop.Folder, "corrected.csv");
        string[] rows = ["--run", "20220905-001", "--dataset", "orders"];
        (await shop.EtlAsync(["quarantine", "export", .. rows, "--out", file])).ExitCode.ShouldBe(0);
        var text = (await File.ReadAllTextAsync(file)).Replace("27x", "27").Replace("27,,", "27,B,");
        await File.WriteAllTextAsync(file, text + "#1,c1,2021-12-27,A,5,1,5\n");

        var replay = await shop.EtlAsync(["quarantine", "replay", .. rows, "--from", file, .. settings]);

        replay.ExitCode.ShouldBe(0, replay.Error);
        (await shop.QueryAsync("select order_id, run_id from staging.orders order by 1")).ShouldBe([
            "#1|20220905-002",
            "#2|20220905-002",
            "#3|20220905-002",
        ]);
        (await shop.QueryAsync("select code from etl.quarantine where run_id = '20220905-002'")).ShouldBe([
            "duplicate_key",
        ]);
        (
            await shop.QueryAsync("select product_id, orders::text from analytics.product_performance order by 1")
        ).ShouldBe(["A|2", "B|1"]);
    }

    [Fact]
    public async Task Another_type_of_ids_alters_empty_tables_and_is_refused_for_stored_rows()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().Write("reviews.csv", "review,product_id\n5,A\n");
        var failed = await shop.RunAsync(SmallShop.Monday);
        failed.Code.ShouldBe("reject_limit");
        await shop.ExecuteAsync("create view analytics.mine as select order_id from staging.orders");

        var used = await shop.RunAsync(SmallShop.Monday, "--Etl:Ids:Order=Text");
        used.Error.ShouldContain("cannot drop view staging.orders because other objects depend on it");
        await shop.ExecuteAsync("drop view analytics.mine");

        var changed = await shop.EtlAsync(["migrate", .. Settings]);
        changed.Out.ShouldContain("types of ids of store.orders");
        changed.Out.ShouldContain("types of ids of analytics.product_performance");
        (await shop.RunAsync(SmallShop.Monday, Settings)).ExitCode.ShouldBe(0);

        var refused = await shop.RunAsync(SmallShop.Tuesday, "--Etl:Ids:Customer=Text");
        (refused.ExitCode, refused.Code).ShouldBe((5, "database"));
        refused.Error.ShouldContain(
            "The stored rows have other types of ids than Etl:Ids:Order, Etl:Ids:Product, Etl:Ids:Shipment: "
                + "store.orders has order_id text, product_id text; store.reviews has product_id text; "
                + "store.shipments has shipment_id text, order_id text; analytics.product_performance has product_id text."
        );
        refused.Error.ShouldContain("set Etl:Postgres:Schemas:Staging, Store and Analytics to other schemas");
        (await shop.QueryAsync("select count(*)::text from staging.orders")).ShouldBe(["5"]);

        shop.Write("reviews.csv", "review,product_id\n5,1\n");
        var beside = await shop.RunAsync(
            SmallShop.Monday,
            "--force",
            "--Etl:Postgres:Schemas:Staging=staging2",
            "--Etl:Postgres:Schemas:Store=store2",
            "--Etl:Postgres:Schemas:Analytics=analytics2"
        );
        beside.ExitCode.ShouldBe(0, beside.Error);
    }

    private static string Quoted(string text) => text.Contains(',') ? $"\"{text.Replace("\"", "\"\"")}\"" : text;

    private async Task<SmallShop> SampleAsync(DatasetCatalog datasets, bool named)
    {
        var shop = await SmallShop.OpenAsync(server);
        var folder = Path.GetDirectoryName(shop.FileOf("orders.csv"))!;
        SampleWriter.Write(new SampleOptions(folder, Orders: 3000), datasets, CancellationToken.None);
        if (!named)
        {
            File.Delete(shop.FileOf("dim_products.csv"));
        }

        return shop;
    }

    private static Dictionary<string, string> Exports(SmallShop shop) =>
        Directory
            .GetFiles(Path.Combine(shop.Lake, "analytics_export", "latest"), "*.csv")
            .ToDictionary(f => Path.GetFileName(f), File.ReadAllText);

    [GeneratedRegex("SKU-0*")]
    private static partial Regex Sku();
}
