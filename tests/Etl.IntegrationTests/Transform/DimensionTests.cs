using System.IO.Compression;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
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

    [Fact]
    public async Task A_product_that_is_listed_again_keeps_its_first_name_and_is_a_finding()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Products = run.Files.Add(
            "dim_products.csv",
            Header + "1,,\n1,Home,Lamp\n2,Home,Sofa\n1,Home,Light\n1,a,b\n"
        );
        await run.Order("2022-01-03", 1).Reviews(1, 5).BuildAsync();

        (await run.RowsAsync("select product_name from products order by 1")).ShouldBe(["Lamp", "Sofa"]);
        (await run.FindingsAsync()).ShouldBe(["product_listed_twice 1"]);
    }

    [Fact]
    public async Task A_products_file_in_a_declared_format_compressed_and_without_categories_is_read()
    {
        await using var run = await ShopRun.CreateAsync(server);
        var products = OptionalDatasets.BuiltIn.Products with
        {
            Format = new FileFormat { Delimiter = ';', Encoding = "windows-1252" },
        };
        run.Optional = run.Optional with { Products = products };
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            await gzip.WriteAsync(Encoding.Latin1.GetBytes("product_name;product_id\nB\u00FCro;1\n"));
        }

        run.Products = run.Files.Add("dim_products.csv.gz", packed.ToArray());
        await run.Order("2022-01-03", 1).Reviews(1, 5).BuildAsync();

        (await run.RowAsync("select product_name, product_category from products")).ShouldBe("B\u00FCro|null");
    }

    [Theory]
    [InlineData(
        Header + "x,Home,Lamp\n",
        "dim_products.csv, line 2: product_id is 'x', expected a whole number from 1 to "
    )]
    [InlineData(Header + "1,Home,\"La\nmp\"\n0,a,b\n", "line 4: product_id is '0', expected a whole number")]
    [InlineData(Header + "1,Home,La\0mp\n", "line 2: product_name is 'La\\u0000mp'")]
    [InlineData(Header + "1,Home\n", "line 2: the row has 2 fields where the header has 3")]
    [InlineData(Header + "1,Home,\"Lamp\n", "line 2: a quote is not closed")]
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
        "line 2: calendar_dt is '2021-02-30', expected a day written yyyy-MM-dd"
    )]
    [InlineData(
        "2021-05-02,2021,5,2,0,false\n",
        "line 2: day_of_the_week_num is not 7, the day's number in its week (Monday is 1, Sunday is 7)"
    )]
    [InlineData("2021-05-02,2021,5,2,7,maybe\n", "working_day is neither true nor false")]
    [InlineData(
        "2021-05-02,2021,5,2,7,no\n2021-05-02,2021,5,2,7,no\n",
        "line 3: calendar_dt has a day that an earlier row has"
    )]
    public async Task A_bad_row_of_the_dates_file_stops_the_run_and_is_named(string rows, string message)
    {
        var exception = await FaultAsync(run => run.Dates = run.Files.Add("dim_dates.csv", DatesHeader + rows));

        exception.Code.ShouldBe(ErrorCode.SourceUnreadable);
        exception.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("product_category,Name\n", "lacks product_id, product_name")]
    [InlineData("Product_Id,PRODUCT_ID,product_category,product_name\n", "names product_id 2 times")]
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
            run.Products = run.Files.Add("dim_products.csv", [.. Encoding.ASCII.GetBytes(Header + "1,a,"), 0xFC, 0x0A])
        );

        exception.Message.ShouldContain("line 2: product_name");
    }

    [Theory]
    [InlineData(0, "dim_products.csv is empty")]
    [InlineData(DimensionReader.MaxBytes + 1, "has 67,108,865 bytes or more; at most 67,108,864 are read")]
    public async Task A_file_that_is_empty_or_over_the_bound_is_not_read_at_all(long bytes, string message)
    {
        var exception = await FaultAsync(run =>
            run.Products = new SourceFile("file:///x/dim_products.csv", "dim_products.csv", "1", bytes)
        );

        exception.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_compressed_file_whose_content_is_over_the_bound_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            await gzip.WriteAsync(Encoding.ASCII.GetBytes(Header));
            var row = Encoding.ASCII.GetBytes($"1,{new string('a', 500)},{Convert.ToBase64String(new byte[300])}\n");
            for (var written = 0L; written <= DimensionReader.MaxBytes + (1 << 20); written += row.Length)
            {
                await gzip.WriteAsync(row);
            }
        }

        var exception = await FaultAsync(run => run.Products = run.Files.Add("dim_products.csv", packed.ToArray()));

        exception.Message.ShouldContain("bytes or more; at most 67,108,864 are read");
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
