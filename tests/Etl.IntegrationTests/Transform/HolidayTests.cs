using Etl.Application.Options;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class HolidayTests(PostgresServer server)
{
    private const string Months =
        "select ingestion_date, tt_order_hol_jan, tt_order_hol_feb, tt_order_hol_mar, tt_order_hol_apr, tt_order_hol_may, "
        + "tt_order_hol_jun, tt_order_hol_jul, tt_order_hol_aug, tt_order_hol_sep, tt_order_hol_oct, tt_order_hol_nov, "
        + "tt_order_hol_dec from agg_public_holiday";

    [Fact]
    public async Task Order_rows_on_holidays_of_the_calendar_year_before_are_counted_by_month()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Calendar.FixedHolidays = ["01-01", "03-01", "12-31"];
        run.Order("2021-01-01", 1, quantity: 5) // a Friday; rows count, not pieces
            .Order("2021-01-01", 2)
            .Order("2021-03-01", 1)
            .Order("2021-12-31", 1)
            .Order("2021-03-02", 1) // a working day
            .Order("2020-01-01", 1) // the year before the past year
            .Order("2022-03-01", 1); // this year
        await run.BuildAsync();

        (await run.RowAsync(Months)).ShouldBe("2022-09-05|2|0|1|0|0|0|0|0|0|0|0|1");
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1"]);
    }

    [Fact]
    public async Task The_as_of_date_decides_which_year_is_past_and_not_the_row_s_ingestion_date()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Order("2019-12-25", 1).Order("2021-01-01", 1).BuildAsync(asOf: "2020-02-29");

        (await run.RowAsync(Months)).ShouldBe("2022-09-05|0|0|0|0|0|0|0|0|0|0|0|1");
    }

    [Fact]
    public async Task A_rolling_year_holds_the_as_of_date_and_not_the_same_day_of_the_year_before()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.PastYear = PastYear.Rolling;
        run.Calendar.FixedHolidays = [];
        run.Calendar.ExtraHolidays = ["2020-09-04", "2020-09-07", "2021-09-03", "2021-09-06"];
        run.Order("2020-09-04", 1) // as-of less a year and two days
            .Order("2020-09-07", 1)
            .Order("2020-09-07", 1) // the day after the excluded 2020-09-06
            .Order("2021-09-03", 1)
            .Order("2021-09-06", 1); // the as-of date
        await run.BuildAsync(asOf: "2021-09-06");
        (await run.RowAsync(Months)).ShouldBe("2022-09-05|0|0|0|0|0|0|0|0|4|0|0|0");

        await run.BuildAsync(asOf: "2021-09-07"); // 2020-09-07 is now the excluded day
        (await run.RowAsync(Months)).ShouldBe("2022-09-05|0|0|0|0|0|0|0|0|2|0|0|0");

        await run.BuildAsync(asOf: "2021-09-05"); // the as-of date before 2021-09-06
        (await run.RowAsync(Months)).ShouldBe("2022-09-05|0|0|0|0|0|0|0|0|3|0|0|0");
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1", "order_after_as_of 1"]);
    }

    [Theory]
    [InlineData("2024-02-29", "2023-02-28", 0)] // a leap day's year ago is the 28th, which is excluded
    [InlineData("2024-02-29", "2023-03-01", 1)]
    [InlineData("2024-02-29", "2024-02-29", 1)]
    [InlineData("2025-02-28", "2024-02-28", 0)]
    [InlineData("2025-02-28", "2024-02-29", 1)]
    public async Task A_rolling_year_ends_rightly_about_a_leap_day(string asOf, string orderDate, int counted)
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.PastYear = PastYear.Rolling;
        run.Calendar.ExtraHolidays = [orderDate];
        await run.Order(orderDate, 1).BuildAsync(asOf);

        (await run.RowAsync("select tt_order_hol_feb + tt_order_hol_mar from agg_public_holiday")).ShouldBe(
            $"{counted}"
        );
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1"]);
    }

    [Fact]
    public async Task A_free_sunday_or_saturday_is_no_public_holiday_even_where_it_is_set_as_one()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Calendar.ExtraHolidays = ["2021-05-01", "2021-05-02", "2021-05-03"]; // Saturday, Sunday, Monday
        await run.Order("2021-05-01", 1).Order("2021-05-02", 1).Order("2021-05-03", 1).BuildAsync();

        (await run.RowAsync("select tt_order_hol_may from agg_public_holiday")).ShouldBe("1");
        (await run.RowsAsync("select order_date, is_public_holiday from daily_orders order by 1")).ShouldBe([
            "2021-05-01|false",
            "2021-05-02|false",
            "2021-05-03|true",
        ]);
    }

    [Fact]
    public async Task A_weekday_that_is_free_every_week_is_a_public_holiday_by_definition()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Calendar.WeekendDays = [5, 6]; // Friday and Saturday
        await run.Order("2021-05-07", 1).Order("2021-05-09", 1).BuildAsync(); // a Friday, a Sunday

        (await run.RowAsync("select tt_order_hol_may from agg_public_holiday")).ShouldBe("1");
    }

    [Fact]
    public async Task Without_orders_every_month_is_0()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.BuildAsync();

        (await run.RowAsync(Months)).ShouldBe("2022-09-05|0|0|0|0|0|0|0|0|0|0|0|0");
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1"]);
    }
}
