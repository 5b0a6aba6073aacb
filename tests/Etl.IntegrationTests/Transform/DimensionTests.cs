using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class DimensionTests(PostgresServer server)
{
    private const string Header = "product_id,product_category,product_name\n";
    private const string DatesHeader =
        "calendar_dt,year_num,month_of_the_year_num,day_of_the_month_num,day_of_the_week_num,working_day\n";

    [Fact]
    public async Task Products_are_named_by_the_file_and_those_that_it_lacks_by_their_number()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Products = run.Files.Add(
            "dim_products.csv",
            "\uFEFFProduct_Name , extra,product_id,product_category\r\n\"Lamp, \"\"red\"\"\",x,1,Home\r\n\r\n,x,3,Home\r\nÜber,x,4,"
        );
        await run.Order("2022-01-03", 1).Order("2022-01-03", 2).Order("2022-01-03", 3).Reviews(5, 5).BuildAsync();

        (await run.RowsAsync("select product_id, product_name, product_category from products order by 1")).ShouldBe([
            "1|Lamp, \"red\"|Home",
            "2|Product 2|null",
            "3|Product 3|null",
            "4|Über|null",
            "5|Product 5|null",
        ]);
        (await run.RowsAsync("select product_id, orders from product_performance order by 1")).ShouldBe([
            "1|1",
            "2|1",
            "3|1",
            "4|0",
            "5|0",
        ]);
        (await run.FindingsAsync()).ShouldBe(["no_best_product 1", "product_without_name 3"]);
    }

    [Fact]
    public async Task Without_a_products_file_plain_names_are_no_finding()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Order("2022-01-03", 22).Reviews(22, 5).BuildAsync();

        (await run.RowAsync("select product_name from best_performing_product")).ShouldBe("Product 22");
        (await run.FindingsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("calendar_dt")]
    [InlineData("calender_dt")]
    public async Task The_dates_file_decides_the_days_that_it_has(string dayColumn)
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Analytics.PastYear = Application.Options.PastYear.Rolling;
        run.Dates = run.Files.Add(
            "dim_dates.csv",
            DatesHeader.Replace("calendar_dt", dayColumn, StringComparison.Ordinal)
                + "2021-12-24,2021,12,24,5,FALSE\n2021-12-26,2021,12,26,7,false\n2022-01-03,2022,1,3,1,true\n2023-01-02,2023,1,2,1,0\n"
        );
        run.Calendar.ExtraHolidays = ["2022-01-03", "2022-01-04"];
        await run.Order("2021-12-24", 1)
            .Order("2021-12-26", 1)
            .Order("2022-01-03", 1)
            .Order("2022-01-04", 1)
            .BuildAsync();

        (await run.RowsAsync("select order_date, is_public_holiday from daily_orders order by 1")).ShouldBe([
            "2021-12-24|true",
            "2021-12-26|false",
            "2022-01-03|false",
            "2022-01-04|true",
        ]);
        // 365 days of the rolling year, less the three that the file has in it.
        (await run.FindingsAsync()).ShouldBe(["calendar_day_not_in_file 362", "no_best_product 1"]);
        (await run.RowAsync("select working_day from calendar where calendar_dt = '2023-01-02'")).ShouldBe("false");
    }

    [Fact]
    public async Task Without_a_dates_file_new_year_and_two_days_of_christmas_are_free()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.BuildAsync();

        (await run.RowsAsync("select calendar_dt from calendar where is_public_holiday")).ShouldBe(["2021-01-01"]); // 25th and 26th: a weekend
        (await run.RowAsync("select min(calendar_dt), max(calendar_dt), count(*) from calendar")).ShouldBe(
            "2021-01-01|2021-12-31|365"
        );
    }

    [Theory]
    [InlineData(
        Header + "x,Home,Lamp\n",
        "dim_products.csv, line 2, column product_id: a whole number above 0 is needed (not_a_number)"
    )]
    [InlineData(Header + "1,Home,Lamp\n1,Home,Sofa\n", "line 3, column product_id: product 1 appears a second time")]
    [InlineData(
        Header + "1,Home,\"La\nmp\"\n0,a,b\n",
        "line 4, column product_id: a whole number above 0 is needed (out_of_range)"
    )]
    [InlineData(Header + "1,Home,La\0mp\n", "line 2, column product_name: a NUL character")]
    [InlineData(Header + "1,Home\n", "has 2 fields in line 2, and 3 in its header")]
    [InlineData(Header + "1,Home,\"Lamp\n", "is no CSV at line 2")]
    [InlineData(Header + "1,Home,La\"mp\n", "is no CSV at line 2")]
    public async Task A_bad_row_of_the_products_file_stops_the_run_and_is_named(string content, string message)
    {
        var exception = await FaultAsync(run => run.Products = run.Files.Add("dim_products.csv", content));

        exception.Code.ShouldBe(ErrorCode.SourceUnreadable);
        exception.Message.ShouldContain(message);
        exception.NextStep.ShouldContain("nothing was published");
    }

    [Theory]
    [InlineData(
        "2021-02-30,2021,2,30,2,true\n",
        "line 2, column calendar_dt: a day written yyyy-MM-dd is needed (bad_date)"
    )]
    [InlineData(
        "2021-05-02,2021,5,2,1,false\n",
        "column day_of_the_week_num: the day is day 7 of its week (Monday is 1, Sunday is 7)"
    )]
    [InlineData("2021-05-02,2021,5,2,7,maybe\n", "column working_day: true or false is needed")]
    [InlineData(
        "2021-05-02,2021,5,2,7,no\n2021-05-02,2021,5,2,7,no\n",
        "line 3, column calendar_dt: the day appears a second time"
    )]
    public async Task A_bad_row_of_the_dates_file_stops_the_run_and_is_named(string rows, string message)
    {
        var exception = await FaultAsync(run => run.Dates = run.Files.Add("dim_dates.csv", DatesHeader + rows));

        exception.Code.ShouldBe(ErrorCode.SourceUnreadable);
        exception.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("", "column product_id is missing in line 1")]
    [InlineData("product_id,product_name\n1,Lamp\n", "column product_category is missing in line 1")]
    [InlineData("Product_Id,PRODUCT_ID,product_category,product_name\n", "column product_id appears 2 times in line 1")]
    public async Task A_wrong_header_stops_the_run_and_names_the_column(string content, string message)
    {
        var exception = await FaultAsync(run => run.Products = run.Files.Add("dim_products.csv", content));

        exception.Code.ShouldBe(ErrorCode.SourceHeader);
        exception.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_stop_the_run()
    {
        var exception = await FaultAsync(run =>
            run.Products = run.Files.Add(
                "dim_products.csv",
                [.. System.Text.Encoding.ASCII.GetBytes(Header + "1,a,"), 0xFC, 0x0A]
            )
        );

        exception.Message.ShouldContain("is not UTF-8 in line 2");
    }

    [Fact]
    public async Task A_file_over_the_bound_is_not_read_at_all()
    {
        var exception = await FaultAsync(run =>
            run.Products = new SourceFile(
                "file:///x/dim_products.csv",
                "dim_products.csv",
                "1",
                DimensionReader.MaxBytes + 1
            )
        );

        exception.Message.ShouldContain("has 67108865 bytes");
    }

    [Theory]
    [InlineData("weekend")]
    [InlineData("fixed")]
    [InlineData("extra")]
    public async Task A_calendar_setting_that_is_no_day_is_a_configuration_error(string which)
    {
        var exception = await FaultAsync(run =>
        {
            run.Calendar.WeekendDays = which == "weekend" ? [0] : null;
            run.Calendar.FixedHolidays = which == "fixed" ? ["02-30"] : ["02-29"];
            run.Calendar.ExtraHolidays = which == "extra" ? ["2021-2-3"] : null;
        });

        exception.Code.ShouldBe(ErrorCode.Configuration);
        exception.Message.ShouldContain(which, Case.Insensitive);
    }

    private async Task<EtlError> FaultAsync(Action<ShopRun> prepare)
    {
        await using var run = await ShopRun.CreateAsync(server);
        prepare(run);
        return (await Should.ThrowAsync<EtlException>(() => run.BuildAsync())).Error;
    }
}
