using Etl.Application.Options;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class BestProductTests(PostgresServer server)
{
    private const string Best = "select product_name from best_performing_product";

    private const string Row =
        "select ingestion_date, product_name, most_ordered_day, is_public_holiday, tt_review_points, pct_one_star_review, "
        + "pct_two_star_review, pct_three_star_review, pct_four_star_review, pct_five_star_review, pct_early_shipments, "
        + "pct_late_shipments from best_performing_product";

    [Fact]
    public async Task Facts_are_aggregated_before_they_meet_so_that_nothing_fans_out()
    {
        await using var run = await ShopRun.CreateAsync(server);
        // Three reviews, two orders, three shipments: a join of them all has 9 rows.
        run.Reviews(7, 5, 5, 1).Reviews(8, 4, 4);
        run.Order("2022-01-03", 7).Order("2022-01-04", 7, quantity: 2).Order("2022-01-03", 8);
        run.Shipment(1, "2022-01-04", "2022-01-06")
            .Shipment(1, "2022-01-20")
            .Shipment(2, "2022-01-05")
            .Shipment(2, null);
        await run.BuildAsync();

        (await run.RowAsync(Row)).ShouldBe(
            "2022-09-05|Product 7|2022-01-04|false|11|33.33|0.00|0.00|0.00|66.67|66.67|33.33"
        );
        (
            await run.RowsAsync(
                "select product_id, orders, quantity, revenue, reviews, review_points from product_performance"
            )
        ).ShouldBe(["7|2|3|30.00|3|11", "8|1|1|10.00|2|8"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(RankBy.Points, "Product 1")]
    [InlineData(RankBy.Count, "Product 2")]
    public async Task Products_are_ranked_by_points_or_by_number_of_reviews(RankBy rankBy, string best)
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.RankBy = rankBy;
        run.Order("2022-01-03", 1).Order("2022-01-03", 2).Reviews(1, 5, 5).Reviews(2, 3, 3, 3);
        await run.BuildAsync();

        (await run.RowAsync(Best)).ShouldBe(best);
        (await run.FindingsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RankBy.Points)]
    [InlineData(RankBy.Count)]
    public async Task Ties_go_to_the_other_figure(RankBy rankBy)
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.RankBy = rankBy;
        run.Order("2022-01-03", 1).Order("2022-01-03", 2).Reviews(1, 4);
        _ = rankBy == RankBy.Points ? run.Reviews(2, 2, 2) : run.Reviews(2, 5);
        await run.BuildAsync();

        (await run.RowAsync(Best)).ShouldBe("Product 2");
    }

    [Theory]
    [InlineData(RankBy.Points)]
    [InlineData(RankBy.Count)]
    public async Task Ties_in_both_figures_go_to_the_lower_number_and_not_to_the_lower_name(RankBy rankBy)
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.RankBy = rankBy;
        run.Order("2022-01-03", 10).Order("2022-01-03", 9).Reviews(10, 1, 5).Reviews(9, 3, 3);
        await run.BuildAsync();

        (await run.RowAsync(Best)).ShouldBe("Product 9");
    }

    [Fact]
    public async Task A_product_without_an_order_never_wins()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Order("2022-01-03", 1).Reviews(1, 1).Reviews(2, 5, 5, 5).BuildAsync();

        (await run.RowAsync(Best)).ShouldBe("Product 1");
        (await run.FindingsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Without_a_product_that_was_ordered_and_reviewed_there_is_no_row_but_a_warning(
        bool orders,
        bool reviews
    )
    {
        await using var run = await ShopRun.CreateAsync(server);
        _ = orders ? run.Order("2022-01-03", 1) : run;
        _ = reviews ? run.Reviews(1, 5) : run;
        await run.BuildAsync();

        (await run.RowsAsync(Best)).ShouldBeEmpty();
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1"]);
    }

    [Fact]
    public async Task The_most_ordered_day_has_the_most_rows_then_the_most_pieces_then_comes_first()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Reviews(1, 5);
        run.Order("2022-01-03", 1, quantity: 99);
        run.Order("2022-01-07", 1).Order("2022-01-07", 1);
        await run.BuildAsync();
        (await run.RowAsync("select most_ordered_day from best_performing_product")).ShouldBe("2022-01-07");

        run.Order("2022-01-08", 1).Order("2022-01-08", 1, quantity: 2);
        await run.BuildAsync();
        (await run.RowAsync("select most_ordered_day from best_performing_product")).ShouldBe("2022-01-08");

        run.Order("2022-01-06", 1, quantity: 2).Order("2022-01-06", 1);
        await run.BuildAsync();
        (await run.RowAsync("select most_ordered_day from best_performing_product")).ShouldBe("2022-01-06");
    }

    [Fact]
    public async Task The_most_ordered_day_says_whether_it_was_a_public_holiday()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Reviews(1, 5).Order("2020-01-01", 1).BuildAsync(); // years before the past year

        (await run.RowAsync("select is_public_holiday from best_performing_product")).ShouldBe("true");
    }

    [Fact]
    public async Task Shares_are_rounded_half_up()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Order("2022-01-03", 1);
        run.Reviews(1, [.. Enumerable.Repeat(5, 791), 1, .. Enumerable.Repeat(2, 3), .. Enumerable.Repeat(3, 5)]);
        for (var i = 0; i < 799; i++)
        {
            run.Shipment(1, "2022-01-04");
        }

        await run.Shipment(1, "2022-01-09").BuildAsync();

        // 0.125, 0.375, 0.625, 98.875 of 800; 99.875 and 0.125
        (await run.RowAsync(Row)).ShouldBe(
            "2022-09-05|Product 1|2022-01-03|false|3977|0.13|0.38|0.63|0.00|98.88|99.88|0.13"
        );
        (await run.FindingsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Unshipped_rows_are_neither_early_nor_late()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Order("2022-01-03", 1).Reviews(1, 5).Shipment(1, null).Shipment(1, null, "2022-01-05");
        await run.BuildAsync();
        (await run.RowAsync("select pct_early_shipments, pct_late_shipments from best_performing_product")).ShouldBe(
            "0.00|0.00"
        );

        await run.Shipment(1, "2022-01-09").BuildAsync();
        (await run.RowAsync("select pct_early_shipments, pct_late_shipments from best_performing_product")).ShouldBe(
            "0.00|100.00"
        );
    }
}
