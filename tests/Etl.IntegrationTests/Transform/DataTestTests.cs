using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class DataTestTests(PostgresServer server)
{
    private static readonly IReadOnlyList<DataTest> Tests = new TransformPlan(
        DatasetCatalog.BuiltIn,
        MartFiles.BuiltIn
    ).Tests;

    public static TheoryData<string, string> Breaks { get; } =
        new()
        {
            {
                "update agg_public_holiday set tt_order_hol_jan = 5",
                "holiday_orders_disagree 1, holiday_orders_exceed_year 1"
            },
            {
                "update agg_public_holiday set tt_order_hol_jun = -1",
                "holiday_orders_disagree 1, holiday_orders_exceed_year 1, negative_figures 1"
            },
            { "delete from agg_shipments", "one_row_per_day 1" },
            { "update agg_shipments set ingestion_date = '2022-09-06'", "one_row_per_day 1" },
            { "update agg_shipments set tt_late_shipments = 2", "shipments_disagree 1" },
            { "update agg_shipments set tt_undelivered_items = -1", "negative_figures 1, shipments_disagree 1" },
            { "insert into shipments select * from shipments limit 1", "shipments_disagree 1" },
            {
                "insert into best_performing_product select '2022-09-06', product_name, most_ordered_day, is_public_holiday, 1, "
                    + "100, 0, 0, 0, 0, 0, 0 from best_performing_product",
                "one_row_per_day 1"
            },
            { "update best_performing_product set pct_one_star_review = 99", "star_shares_off 1" },
            { "update best_performing_product set pct_late_shipments = 1", "shipment_shares_off 1" },
            { "update product_performance set pct_one_star_review = 1 where product_id = 3", "star_shares_off 1" },
            { "update product_performance set reviews = reviews + 1 where product_id = 1", "reviews_disagree 1" },
            {
                "update product_performance set review_points = 999 where product_id = 2",
                "best_product_beaten 1, reviews_disagree 1"
            },
            {
                "update product_performance set quantity = -1 where product_id = 2",
                "negative_figures 1, orders_disagree 1"
            },
            { "update daily_orders set revenue = revenue + 1", "orders_disagree 1" },
            { "delete from best_performing_product", "no_best_product 1" },
        };

    [Fact]
    public async Task A_sound_run_has_no_finding()
    {
        await using var run = await SoundRunAsync();

        (await run.FindingsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_wrong_figure_is_found(string change, string findings)
    {
        await using var run = await SoundRunAsync();
        await run.ExecuteAsync($"set search_path = {ShopRun.Id.Schema}; {change}");

        (await run.FindingsAsync()).ShouldBe(findings.Split(", "));
    }

    [Theory]
    [InlineData("orders_by_product", "total_price = total_price + 0.01 where product_id = 2", "orders_disagree 2")]
    [InlineData("orders_by_day", "quantity = quantity + 1 where order_date = '2021-01-01'", "orders_disagree 2")]
    [InlineData("reviews_by_product", "points = points + 1 where product_id = 1", "reviews_disagree 2")]
    public async Task A_wrong_rollup_of_a_loader_is_found_by_the_sums_of_the_rows(
        string table,
        string change,
        string finding
    )
    {
        await using var run = await SoundRunAsync();
        await run.ExecuteAsync(
            $"set search_path = {ShopRun.Id.Schema}; create table {table}_rollup as table {table}; update {table}_rollup set {change}"
        );
        await run.BuildAsync();

        (await run.FindingsAsync()).ShouldBe([finding]);
    }

    [Fact]
    public async Task Unusual_rows_are_counted_as_warnings_and_each_test_selects_the_rows_that_it_counts()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Order("2022-09-06", 1, total: "9.99") // after the as-of date, and with a discount
            .Order("2022-01-03", 1, price: "0.01", quantity: 3, total: "0.04")
            .Order("2022-01-03", 1)
            .Shipment(3, "2022-01-02", "2022-01-01")
            .Shipment(3, "2022-01-04", "2022-09-06")
            .Shipment(3, "2022-09-06", "2022-09-07")
            .Shipment(99, "2022-09-07", "2022-09-06")
            .Order("2022-09-05", 1) // nothing is odd about equal days
            .Shipment(4, "2022-09-05", "2022-09-05")
            .Reviews(1, 5);
        await run.BuildAsync();

        (await run.FindingsAsync()).ShouldBe([
            "delivery_after_as_of 3",
            "delivery_before_shipment 2",
            "order_after_as_of 1",
            "order_total_differs 2",
            "shipment_after_as_of 2",
            "shipment_before_order 1",
            "shipment_without_order 1",
        ]);
        foreach (var result in await run.Transformer.TestAsync(ShopRun.Id, CancellationToken.None))
        {
            var test = Tests.Single(t => t.Name == result.Name);
            (await run.RowsAsync(test.RowsSql)).Count.ShouldBe((int)result.Violations, test.Name);
        }
    }

    [Fact]
    public void Every_test_says_its_severity_and_its_meaning()
    {
        Tests.Count.ShouldBe(21);
        Tests.Select(t => t.Name).ShouldBeInOrder();
        Tests.ShouldAllBe(t => !t.Meaning.EndsWith('.') && t.RowsSql.Contains("select"));
        Tests.Count(t => t.Severity == Severity.Warn).ShouldBe(11);
    }

    [Theory]
    [InlineData("select 1", "severity")]
    [InlineData("-- severity: fatal\n-- meaning: x\n-- inputs: run\nselect 1", "'fatal' is neither error nor warn")]
    [InlineData("-- severity: warn\nselect 1", "meaning")]
    public void A_file_without_a_header_is_no_data_test(string text, string missing) =>
        Should
            .Throw<EtlException>(() => DataTest.Parse("Tests/x.sql", text))
            .Error.Message.ShouldMatch($"^Tests/x\\.sql, line [0-9]: .*{missing}");

    /// <summary>Two products, an order of last year's 1 January, and one shipment of each kind.</summary>
    private async Task<ShopRun> SoundRunAsync()
    {
        var run = await ShopRun.CreateAsync(server);
        run.Order("2021-01-01", 1).Order("2022-08-01", 2).Reviews(1, 5, 4).Reviews(2, 1).Reviews(3, 5);
        run.Shipment(1, "2021-01-02", "2021-01-05").Shipment(2, "2022-08-09").Shipment(2, null);
        await run.BuildAsync();
        return run;
    }
}
