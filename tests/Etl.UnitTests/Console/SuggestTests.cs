using System.Globalization;
using System.Text;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary>What <c>etl check --suggest</c> prints, pasted unchanged, reads all rows of the files.</summary>
public sealed class SuggestTests : IDisposable
{
    private const int Rows = 300;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("german")]
    [InlineData("us")]
    [InlineData("pipe")]
    public async Task The_settings_for_a_sample_in_another_format_read_all_of_it(string dialect)
    {
        await new Screen().RunAsync("sample", "--out", folder["in"], "--scale", "200", "--dialect", dialect);

        (await CheckAsync()).ShouldBe([("orders", 200, 200), ("reviews", 100, 100), ("shipments", 200, 200)]);
    }

    [Fact]
    public async Task Text_ids_timestamps_and_names_with_dates_are_read_once_the_questions_are_answered()
    {
        Write(
            "orders_export_2025-06-30.csv",
            "Name,Email,Created at,Lineitem sku,Lineitem price,Lineitem quantity,Total",
            i => $"#{1000 + i},c{i % 9}@shop.example,{Day(i)} 23:{i % 60:00}:07 +0200,SKU-{i % 7},{i}.50,1,{i}.50"
        );
        Write("ratings.csv", "rating,product_sku", i => $"{1 + (i % 5)},SKU-{i % 7}");
        Write(
            "tracking.csv",
            "Tracking number,Order,Shipped at,Delivered at",
            i =>
                $"T{i:0000},#{1000 + i},{Day(i + 2)} 08:00:00 +0200,{(i % 4 == 0 ? "N/A" : $"{Day(i + 5)} 10:00:00 +0200")}"
        );

        var accepted = await CheckAsync(
            "--Etl:Files:Orders:Columns:order_id=Name",
            "--Etl:Files:Default:TimeZone=Europe/Berlin"
        );

        accepted.ShouldBe([("orders", Rows, Rows), ("reviews", Rows, Rows), ("shipments", Rows, Rows)]);
    }

    [Theory]
    [InlineData("2025-07-01", "Etl:Files:Reviews:Names:0 = ratings_{date:yyyyMMdd}.csv", false)]
    [InlineData("2025-07-02", "Etl:Files:Reviews:Names:0 = ratings_20250701.csv", true)]
    public async Task A_name_with_the_date_of_the_day_becomes_a_pattern_and_one_of_another_day_a_question(
        string date,
        string setting,
        bool isAsked
    )
    {
        Write("ratings_20250701.csv", "review,product_id", i => $"{1 + (i % 5)},{i}");
        var screen = new Screen();

        await screen.RunAsync("check", "--source", folder["in"], "--date", date, "--suggest");

        screen.Out.ShouldContain(setting);
        screen
            .Out.Contains(
                "Does each day have such a file? Etl:Files:Reviews:Names:0 = ratings_{date:yyyyMMdd}.csv",
                StringComparison.Ordinal
            )
            .ShouldBe(isAsked);
    }

    [Fact]
    public async Task Settings_are_printed_as_JSON_or_as_environment_variables()
    {
        Write(
            "orders.csv",
            "order_id;customer_id;order_date;product_id;unit_price;quantity;total_price",
            i => $"{i};1;{Day(i)};2;1,50;1;1,50"
        );
        Write("reviews.csv", "review,product_id", i => "5,2");
        Write("shipments.csv", "shipment_id,order_id,shipment_date,delivery_date", i => $"{i},{i},{Day(i)},");

        var json = new Screen();
        (await json.RunAsync("check", "--source", folder["in"], "--suggest")).ShouldBe(0);
        var environment = new Screen();
        (await environment.RunAsync("check", "--source", folder["in"], "--suggest", "env")).ShouldBe(0);

        json.Out.ShouldContain(
            """
            {
              "Etl": {
                "Files": {
                  "Orders": {
                    "Delimiter": ";",
                    "DecimalSeparator": ","
                  }
                }
              }
            }
            """
        );
        environment.Out.ShouldContain(
            "export ETL__FILES__ORDERS__DELIMITER=';'\nexport ETL__FILES__ORDERS__DECIMALSEPARATOR=','\n"
        );
    }

    [Fact]
    public async Task A_key_that_repeats_and_a_file_that_is_not_there_are_questions()
    {
        Write(
            "orders.csv",
            "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price",
            i => $"{i / 2},1,{Day(i)},{i},1.50,1,1.50"
        );
        Write("shipments.csv", "shipment_id,order_id,shipment_date,delivery_date", i => $"{i},{i},{Day(i)},");

        var screen = new Screen();
        (await screen.RunAsync("check", "--source", folder["in"], "--suggest")).ShouldBe(0);
        var answered = await CheckAsync(
            "--Etl:Files:Orders:Key:0=order_id",
            "--Etl:Files:Orders:Key:1=product_id",
            "--Etl:Files:Reviews:Required=false"
        );

        screen.Out.ShouldContain("? No file looks like reviews. Which is it?");
        answered.ShouldBe([("orders", Rows, Rows), ("shipments", Rows, Rows)]);
    }

    /// <summary>Checks the files with what is suggested for them.</summary>
    private async Task<IReadOnlyList<(string Dataset, int Read, int Accepted)>> CheckAsync(params string[] answers)
    {
        string[] place = ["check", "--source", folder["in"], "--date", "2025-06-30", "--json"];
        var suggest = new Screen();
        (await suggest.RunAsync([.. place, "--suggest"])).ShouldBe(0);
        var settings = suggest
            .Json.GetProperty("suggestions")
            .EnumerateArray()
            .SelectMany(s => s.GetProperty("settings").EnumerateArray())
            .Select(s => $"--{s.GetProperty("path").GetString()}={s.GetProperty("value").GetString()}")
            .Distinct();
        var check = new Screen();
        (await check.RunAsync([.. place, .. settings, .. answers])).ShouldBe(0, check.Error);
        return
        [
            .. check
                .Json.GetProperty("files")
                .EnumerateArray()
                .Select(f =>
                    (
                        f.GetProperty("dataset").GetString()!,
                        f.GetProperty("read").GetInt32(),
                        f.GetProperty("accepted").GetInt32()
                    )
                ),
        ];
    }

    private static string Day(int i) =>
        new DateOnly(2025, 1, 1).AddDays(i % 170).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Write(string name, string header, Func<int, string> row)
    {
        Directory.CreateDirectory(folder["in"]);
        var rows = Enumerable.Range(1, Rows).Select(row);
        File.WriteAllText(Path.Combine(folder["in"], name), string.Join('\n', [header, .. rows, ""]), Encoding.UTF8);
    }
}
