using System.Text.Json;
using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>The figures of a run in its JSON document, in its message and in its report.</summary>
public sealed class BusinessFigureTests(PostgresServer server)
{
    private const string Shipments = "shipment_id,order_id,shipment_date,delivery_date\n";

    [Fact]
    public async Task Each_figure_has_its_change_since_the_published_run_before()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        var first = await FiguresAsync(shop, SmallShop.Monday);
        WriteOtherTuesday(shop);

        var second = await FiguresAsync(shop, SmallShop.Tuesday);

        first.ShouldBe(
            """
            {"since":null,"lateShipments":{"value":4,"change":null},"undeliveredItems":{"value":0,"change":null},
            "holidayOrders":{"value":0,"change":null},"bestProduct":{"name":"Product 1","before":null},
            "revenue":{"days":30,"until":"2022-01-05","value":85.00,"change":null},"absent":[]}
            """.ReplaceLineEndings("")
        );
        second.ShouldBe(
            """
            {"since":"20220905-001","lateShipments":{"value":3,"change":-1},"undeliveredItems":{"value":1,"change":1},
            "holidayOrders":{"value":1,"change":1},"bestProduct":{"name":"Product 2","before":"Product 1"},
            "revenue":{"days":30,"until":"2022-01-07","value":206.50,"change":121.50},"absent":[]}
            """.ReplaceLineEndings("")
        );
        Body(shop, SmallShop.Tuesday)
            .ShouldStartWith(
                """
                Late shipments: 3 (-1)
                Undelivered items: 1 (+1)
                Orders on public holidays: 1 (+1)
                Best product: Product 2 (before: Product 1)
                Revenue, 30 days to 2022-01-07: 206.50 (+121.50)
                In parentheses: change since run 20220905-001

                Succeeded.

                """
            );
    }

    [Fact]
    public async Task A_forced_run_is_compared_with_the_run_that_it_replaces()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        await FiguresAsync(shop, SmallShop.Monday);
        shop.Write("shipment_deliveries.csv", $"{Shipments}1,1,2021-12-31,2022-01-02\n2,2,2021-12-30,\n");

        var forced = await FiguresAsync(
            shop,
            SmallShop.Monday,
            "--force",
            "--accept-shrunk",
            "shipments",
            "--Etl:Quality:OnUnusualVolume=Allow"
        );

        forced.ShouldStartWith("{\"since\":\"20220905-001\",\"lateShipments\":{\"value\":1,\"change\":-3}");
    }

    [Fact]
    public async Task Without_the_tables_of_the_run_before_there_is_no_change()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        await FiguresAsync(shop, SmallShop.Monday);
        await shop.ExecuteAsync("drop table run_20220905_001.daily_orders");
        WriteOtherTuesday(shop);

        var figures = await FiguresAsync(shop, SmallShop.Tuesday);

        figures.ShouldStartWith("{\"since\":null,\"lateShipments\":{\"value\":3,\"change\":null}");
    }

    [Fact]
    public async Task A_figure_of_a_dataset_that_was_not_delivered_is_unknown_and_the_message_says_so()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        File.Delete(shop.FileOf("reviews.csv"));
        File.Delete(shop.FileOf("shipment_deliveries.csv"));

        var figures = await FiguresAsync(
            shop,
            SmallShop.Monday,
            "--Etl:Files:Reviews:Required=false",
            "--Etl:Files:Shipments:Required=false"
        );

        figures.ShouldContain("\"lateShipments\":{\"value\":null,\"change\":null}");
        figures.ShouldContain("\"bestProduct\":{\"name\":null,\"before\":null}");
        figures.ShouldEndWith("\"absent\":[\"reviews\",\"shipments\"]}");
        Body(shop, SmallShop.Monday)
            .ShouldStartWith(
                """
                Late shipments: unknown, shipments were not delivered
                Undelivered items: unknown, shipments were not delivered
                Orders on public holidays: 0
                Best product: unknown, reviews were not delivered
                Revenue, 30 days to 2022-01-05: 85.00

                """
            );
    }

    [Fact]
    public async Task The_report_shows_the_same_figures()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        await FiguresAsync(shop, SmallShop.Monday);
        WriteOtherTuesday(shop);
        await FiguresAsync(shop, SmallShop.Tuesday);

        var page = await File.ReadAllTextAsync(Path.Combine(shop.Lake, "analytics_export", "latest", "report.html"));

        Card(page, "Late shipments").ShouldBe("3");
        Card(page, "Undelivered items").ShouldBe("1");
        Card(page, "Orders on public holidays").ShouldBe("1");
        Card(page, "Best performing product").ShouldBe("Product 2");
        Card(page, "Revenue, 30 days").ShouldBe("206");
    }

    /// <summary>One late shipment less, one undelivered item and one holiday order more, another best product.</summary>
    private static void WriteOtherTuesday(SmallShop shop)
    {
        shop.WriteDay(SmallShop.Tuesday);
        var orders = File.ReadAllText(shop.FileOf("orders.csv", SmallShop.Tuesday));
        shop.Write(
                "orders.csv",
                $"{orders}6,9,2022-01-07,2,100.50,1,100.50\n7,9,2021-12-27,2,21.00,1,21.00\n",
                SmallShop.Tuesday
            )
            .Write("reviews.csv", "review,product_id\n5,1\n4,1\n5,2\n5,2\n", SmallShop.Tuesday)
            .Write(
                "shipment_deliveries.csv",
                $"{Shipments}1,1,2021-12-31,2022-01-02\n2,2,2021-12-30,\n3,3,2021-12-31,\n4,4,2021-12-30,\n10,6,,\n",
                SmallShop.Tuesday
            )
            .Write(
                "dim_dates.csv",
                "calendar_dt,year_num,month_of_the_year_num,day_of_the_month_num,day_of_the_week_num,working_day\n"
                    + "2021-12-27,2021,12,27,1,false\n",
                SmallShop.Tuesday
            );
    }

    private static async Task<string> FiguresAsync(SmallShop shop, string day, params string[] more)
    {
        var run = await shop.RunAsync(day, more);
        run.ExitCode.ShouldBe(0, run.Error + run.Out);
        JsonSchema.OfDocs.Violations("run", run.Json).ShouldBeEmpty();
        return JsonSerializer.Serialize(run.Json.GetProperty("figures"));
    }

    private static string Body(SmallShop shop, string day)
    {
        var mail = Directory.GetFiles(Path.Combine(shop.Lake, "mail"), $"{day.Replace("-", "")}*.eml").Single();
        var text = File.ReadAllText(mail).ReplaceLineEndings("\n");
        return text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
    }

    private static string Card(string page, string label)
    {
        var card = page[page.IndexOf($">{label}<", StringComparison.Ordinal)..];
        var value = card[(card.IndexOf("<bdi>", StringComparison.Ordinal) + "<bdi>".Length)..];
        return value[..value.IndexOf('<', StringComparison.Ordinal)];
    }
}
