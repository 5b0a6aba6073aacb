using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class ShipmentTests(PostgresServer server)
{
    private const string Figures = "select ingestion_date, tt_late_shipments, tt_undelivered_items from agg_shipments";

    [Fact]
    public async Task A_shipment_is_late_from_6_days_after_the_order_as_long_as_it_has_not_arrived()
    {
        await using var run = await ShopRun.CreateAsync(server);
        for (var order = 1; order <= 3; order++)
        {
            run.Order("2022-08-01", 1);
        }

        run.Shipment(1, "2022-08-06") // 5 days
            .Shipment(2, "2022-08-07") // 6 days
            .Shipment(3, "2022-08-07", "2022-08-30"); // arrived
        await run.BuildAsync();

        (await run.RowAsync(Figures)).ShouldBe("2022-09-05|1|0");
    }

    [Fact]
    public async Task Lateness_has_no_as_of_date_in_it()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Order("2022-08-01", 1).Shipment(1, "2022-08-07").BuildAsync(asOf: "2022-08-02");

        (await run.RowAsync(Figures)).ShouldBe("2022-09-05|1|0");
    }

    [Theory]
    [InlineData("2022-09-05", 2)]
    [InlineData("2022-09-04", 1)]
    [InlineData("2022-08-05", 0)]
    public async Task An_item_is_undelivered_from_15_days_after_the_order_when_neither_date_is_there(
        string asOf,
        int rows
    )
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Order("2022-08-21", 1) // 15 days before 2022-09-05
            .Order("2022-08-20", 1, quantity: 9) // rows count, not pieces
            .Order("2022-08-22", 1)
            .Order("2022-01-01", 1)
            .Order("2022-01-01", 1)
            .Shipment(1, null)
            .Shipment(2, null)
            .Shipment(3, null)
            .Shipment(4, "2022-01-02")
            .Shipment(5, null, "2022-01-05"); // arrived, nobody knows when it left
        await run.BuildAsync(asOf);

        (await run.RowAsync(Figures)).ShouldBe($"2022-09-05|0|{rows}");
    }

    [Fact]
    public async Task The_days_of_late_and_undelivered_are_settings()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.LateAfterDays = 2;
        run.Analytics.UndeliveredAfterDays = 4;
        run.Order("2022-09-01", 1).Order("2022-09-01", 1).Shipment(1, "2022-09-03").Shipment(2, null);
        await run.BuildAsync();

        (await run.RowAsync(Figures)).ShouldBe("2022-09-05|1|1");
    }

    [Fact]
    public async Task A_shipment_without_its_order_is_neither_late_nor_undelivered_and_is_reported()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Shipment(77, "2022-01-01").Shipment(78, null).BuildAsync();

        (await run.RowAsync(Figures)).ShouldBe("2022-09-05|0|0");
        (await run.RowsAsync("select * from shipment_status order by 1")).ShouldBe([
            "in_transit|unknown|1",
            "pending|unknown|1",
        ]);
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1", "shipment_without_order 2"]);
    }

    [Fact]
    public async Task Every_shipment_has_one_status_and_an_age()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Order("2022-08-06", 1) // 30 days before 2022-09-05
            .Order("2022-08-05", 1) // 31
            .Order("2022-06-07", 1) // 90
            .Order("2022-06-06", 1) // 91
            .Order("2022-09-01", 1)
            .Shipment(1, null)
            .Shipment(2, "2022-08-06")
            .Shipment(3, "2022-07-01")
            .Shipment(4, null)
            .Shipment(5, null)
            .Shipment(4, "2022-06-07", "2022-09-04") // arrived 90 days after the order
            .Shipment(4, "2022-06-07", "2022-06-08");
        await run.BuildAsync();

        (await run.RowsAsync("select * from shipment_status order by status, age")).ShouldBe([
            "delivered|0 to 30 days|1",
            "delivered|31 to 90 days|1",
            "in_transit|31 to 90 days|1",
            "late|31 to 90 days|1",
            "pending|0 to 30 days|1",
            "undelivered|0 to 30 days|1",
            "undelivered|over 90 days|1",
        ]);
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1"]);
    }
}
