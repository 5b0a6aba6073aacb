using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ids;

/// <summary>Runs of order lines, refunds, text ids and absent datasets, compared with figures that are computed without SQL.</summary>
public sealed class FigureTests(PostgresServer server)
{
    private static readonly DateOnly AsOf = new(2022, 9, 5);
    private static readonly string[] Lines =
    [
        "--Etl:Files:Orders:Key:0=order_id",
        "--Etl:Files:Orders:Key:1=product_id",
    ];
    private static readonly string[] NoKey = ["--Etl:Files:Orders:Key:0="];

    private static readonly string[] Refunds =
    [
        "--Etl:Files:Orders:AllowNegative:0=quantity",
        "--Etl:Files:Orders:AllowNegative:1=total_price",
    ];

    private static readonly string[] Texts =
    [
        "--Etl:Ids:Order=Text",
        "--Etl:Ids:Product=Text",
        "--Etl:Ids:Customer=Text",
        "--Etl:Ids:Shipment=Text",
    ];

    private static readonly string[] Optional =
    [
        "--Etl:Files:Reviews:Required=false",
        "--Etl:Files:Shipments:Required=false",
    ];

    [Theory]
    [InlineData(1, 1, false, false, false, true, true)]
    [InlineData(2, 4, false, false, false, true, true)]
    [InlineData(3, 4, true, false, false, true, true)]
    [InlineData(4, 1, false, true, false, true, true)]
    [InlineData(5, 4, true, true, true, true, true)]
    [InlineData(6, 1, false, false, true, false, true)]
    [InlineData(7, 4, false, false, false, true, false)]
    [InlineData(8, 4, false, true, true, false, false)]
    public async Task Every_export_has_the_figures_that_the_definitions_give(
        int seed,
        int lines,
        bool repeats,
        bool refunds,
        bool texts,
        bool reviews,
        bool shipments
    )
    {
        await using var shop = await SmallShop.OpenAsync(server);
        Func<string, int, string> idOf = texts ? (kind, n) => $"{kind[..1]}/{n:000}" : (_, n) => $"{n}";
        var rows = new ShopRows(seed, lines, repeats, refunds, idOf);
        shop.Write("orders.csv", rows.OrdersFile);
        if (reviews)
        {
            shop.Write("reviews.csv", rows.ReviewsFile);
        }

        if (shipments)
        {
            shop.Write("shipment_deliveries.csv", rows.ShipmentsFile);
        }

        var run = await shop.RunAsync(
            SmallShop.Monday,
            [
                .. lines == 1 ? []
                : repeats ? NoKey
                : Lines,
                .. refunds ? Refunds : [],
                .. texts ? Texts : [],
                .. reviews && shipments ? [] : Optional,
            ]
        );

        run.ExitCode.ShouldBe(0, run.Error);
        var figures = new ShopFigures(rows, AsOf, reviews, shipments);
        Exported(shop, "daily_orders").ShouldBe(figures.DailyOrders);
        Exported(shop, "agg_public_holiday").ShouldBe(figures.HolidayOrders);
        Exported(shop, "agg_shipments").ShouldBe(figures.AggShipments);
        Exported(shop, "shipment_status").ShouldBe(figures.ShipmentStatus);
        Exported(shop, "product_performance").ShouldBe(figures.ProductPerformance);
        Exported(shop, "best_performing_product").ShouldBe(figures.BestProduct);

        var negative = rows.Orders.Where(o => o.Quantity < 0).ToList();
        var warnings = string.Join('\n', run.Warnings);
        warnings.Contains("negative").ShouldBe(refunds, warnings);
        warnings.Contains("No reviews were delivered: no reviews.csv in ").ShouldBe(!reviews, warnings);
        warnings.Contains("No shipments were delivered: no shipment_deliveries.csv or ").ShouldBe(!shipments, warnings);
        warnings.ShouldContain(
            refunds
                ? $"orders.csv: {negative.Count} rows with a negative total_price, {negative.Sum(o => o.Total)} in total."
                : ""
        );
        warnings.ShouldNotContain("best performing product");
        (await shop.QueryAsync("select body from etl.messages"))
            .Single()
            .Contains("No reviews were delivered")
            .ShouldBe(!reviews);
        var report = await File.ReadAllTextAsync(Path.Combine(shop.Lake, "analytics_export", "latest", "report.html"));
        report.Contains("No shipments were delivered").ShouldBe(!shipments);
    }

    [Fact]
    public async Task A_replay_of_a_run_without_reviews_has_no_figures_of_reviews_until_they_are_delivered()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        File.Delete(shop.FileOf("reviews.csv"));
        (await shop.RunAsync(SmallShop.Monday, Optional)).ExitCode.ShouldBe(0);
        var corrected = Path.Combine(shop.Folder, "corrected.csv");

        await ReplayAsync("20220905-001", "orders", SmallShop.OrdersHeader + "77,9,2021-12-27,1,5,1,5\n");
        (await ReviewsAsync()).ShouldBe(["1|", "2|"]);

        await ReplayAsync("20220905-002", "reviews", "review,product_id\n5,1\n");
        (await ReviewsAsync()).ShouldBe(["1|1", "2|0"]);

        Task<IReadOnlyList<string>> ReviewsAsync() =>
            shop.QueryAsync("select product_id::text, reviews::text from analytics.product_performance order by 1");

        async Task ReplayAsync(string run, string dataset, string text)
        {
            await File.WriteAllTextAsync(corrected, text);
            string[] rows = ["--run", run, "--dataset", dataset, "--from", corrected, "--lake", shop.Lake];
            var replay = await shop.EtlAsync(["quarantine", "replay", .. rows, .. Optional]);
            replay.ExitCode.ShouldBe(0, replay.Error);
        }
    }

    [Fact]
    public async Task Columns_allow_NULL_once_a_dataset_need_not_be_delivered_and_products_can_be_required()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().WriteDay(SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(0);
        (await NullableAsync()).ShouldBe(["0"]);
        File.Delete(shop.FileOf("shipment_deliveries.csv", SmallShop.Tuesday));

        var required = await shop.RunAsync(SmallShop.Tuesday, "--Etl:Files:Products:Required=true");
        (required.ExitCode, required.Code).ShouldBe((3, "source_missing"));
        required.Error.ShouldContain("The shipments file is missing: ");
        required.Error.ShouldContain("The products file is missing: no dim_products.csv in ");

        (await shop.RunAsync(SmallShop.Tuesday, Optional)).ExitCode.ShouldBe(0);
        (await NullableAsync()).ShouldBe(["11"]);
        (await shop.QueryAsync("select ingestion_date::text from analytics.agg_shipments")).ShouldBe([
            SmallShop.Monday,
        ]);
        (await shop.RunAsync(SmallShop.Monday, "--force")).ExitCode.ShouldBe(0);

        Task<IReadOnlyList<string>> NullableAsync() =>
            shop.QueryAsync(
                "select count(*)::text from information_schema.columns where table_schema = 'analytics' and is_nullable = 'YES'"
            );
    }

    private static string[] Exported(SmallShop shop, string table) =>
        File.ReadAllLines(Path.Combine(shop.Lake, "analytics_export", "latest", $"{table}.csv"))[1..];
}
