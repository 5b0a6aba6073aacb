using System.Text;
using Etl.TestKit;
using Etl.UnitTests.Console;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Formats;

/// <summary>Orders as programs export them: refused with the setting to use, and read with it.</summary>
public sealed class CheckTests : IDisposable
{
    private const string Header = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";

    private readonly TempFolder folder = new();

    public CheckTests()
    {
        folder.Write("reviews.csv", "review,product_id\n5,3\n");
        folder.Write(
            "shipments.csv",
            "shipment_id,order_id,shipment_date,delivery_date\n1,1,2025-01-19,2025-01-22\n2,2,,\n"
        );
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "order_id;customer_id;order_date;product_id;unit_price;quantity;total_price\n1;7;2025-01-18;3;11,50;2;23,00\n2;7;2025-01-19;3;5;1;5\n",
        3,
        "Set Etl:Files:Orders:Delimiter to ';'",
        "Delimiter=;",
        "DecimalSeparator=,"
    )]
    [InlineData(
        Header + "1,7,18-01-2025,3,5,1,5\n2,7,2025-01-19,3,5,1,5\n",
        4,
        "DateFormats:1 = 'dd-MM-yyyy'",
        "DateFormats:0=yyyy-MM-dd",
        "DateFormats:1=dd-MM-yyyy"
    )]
    [InlineData(
        Header + "1,7,18-JAN-25,3,5,1,5\n2,7,19-JAN-25,3,5,1,5\n",
        4,
        "DateFormats:0 = 'dd-MMM-yy'",
        "DateFormats:0=dd-MMM-yy"
    )]
    [InlineData(
        Header + "1,7,2025-01-18 21:57:05,3,5,1,5\n2,7,2025-01-19 00:00:00,3,5,1,5\n",
        4,
        "DateFormats:0 = 'yyyy-MM-dd HH:mm:ss'",
        "DateFormats:0=yyyy-MM-dd HH:mm:ss"
    )]
    [InlineData(
        Header + "1,7,2025-01-18T23:30:00+02:00,3,5,1,5\n2,7,2025-01-19T23:30:00+02:00,3,5,1,5\n",
        4,
        "and Etl:Files:Orders:TimeZone",
        "DateFormats:0=yyyy-MM-ddTHH:mm:sszzz",
        "TimeZone=Europe/Berlin"
    )]
    [InlineData(
        "note," + Header + "\"5\\\" pipe\",1,7,2025-01-18,3,5,1,5\nx,2,7,2025-01-19,3,5,1,5\n",
        4,
        "Correct the file",
        "Escape=\\"
    )]
    public async Task A_file_is_refused_with_its_setting_and_read_with_it(
        string orders,
        int exitCode,
        string next,
        params string[] settings
    )
    {
        folder.Write("orders.csv", orders);
        var refused = new Screen();
        (await refused.RunAsync("check", "--source", folder.Root)).ShouldBe(exitCode, refused.Error);
        refused.Error.ShouldContain(next);

        await ShouldAcceptAsync(settings);
    }

    [Theory]
    [InlineData(
        "sep=;\norder_id;customer_id;order_date;product_id;unit_price;quantity;total_price\n1;7;2025-01-18;3;5;1;5\n2;7;2025-01-19;3;5;1;5\n",
        "utf-8"
    )]
    [InlineData("sep=,\n" + Header + "1,7,2025-01-18,3,5,1,5\n2,7,2025-01-19,3,5,1,5\n", "utf-8")]
    [InlineData("\uFEFF" + Header + "1,7,2025-01-18,3,5,1,5\n2,7,2025-01-19,3,5,1,5\n", "utf-16")]
    [InlineData("city," + Header + "Málaga,1,7,2025-01-18,3,5,1,5\nKöln,2,7,2025-01-19,3,5,1,5\n", "iso-8859-1")]
    public async Task A_file_that_loses_nothing_is_read_without_a_setting(string orders, string encoding)
    {
        await File.WriteAllBytesAsync(folder["orders.csv"], Encoding.GetEncoding(encoding).GetBytes(orders));
        await ShouldAcceptAsync();
    }

    [Fact]
    public async Task Words_for_NULL_point_to_their_setting()
    {
        folder.Write("orders.csv", Header + "1,7,2025-01-18,3,5,1,5\n2,7,2025-01-19,3,5,1,5\n");
        folder.Write("shipments.csv", "shipment_id,order_id,shipment_date,delivery_date\n1,1,2025-01-19,NULL\n2,2,,\n");
        var refused = new Screen();
        (await refused.RunAsync("check", "--source", folder.Root)).ShouldBe(4, refused.Error);
        refused
            .Error.Split('\n')
            .Single(l => l.StartsWith("next:", StringComparison.Ordinal))
            .ShouldContain(
                "If 'NULL' in delivery_date means NULL, add it to Etl:Files:Shipments:NullTokens or Etl:Quality:NullTokens."
            );
        var read = new Screen();
        (await read.RunAsync("check", "--source", folder.Root, "--Etl:Files:Shipments:NullTokens:0=NULL")).ShouldBe(
            0,
            read.Error
        );
    }

    [Fact]
    public async Task A_format_with_an_offset_requires_a_time_zone()
    {
        folder.Write("orders.csv", Header + "1,7,2025-06-30T22:30:00Z,3,5,1,5\n");
        string[] check = ["check", "--source", folder.Root, "--Etl:Files:Orders:DateFormats:0=yyyy-MM-ddTHH:mm:ssK"];
        var refused = new Screen();
        (await refused.RunAsync(check)).ShouldBe(2);
        refused.Error.ShouldContain(
            "whose offset requires a time zone; set Etl:Files:Orders:TimeZone or Etl:Schedule:TimeZone."
        );
        (await new Screen().RunAsync([.. check, "--Etl:Schedule:TimeZone=UTC"])).ShouldBe(0);
    }

    [Theory]
    [InlineData(
        "DateFormats:0=MM/dd/yyyy",
        "DateFormats:1=dd/MM/yyyy",
        "contains 'MM/dd/yyyy' and 'dd/MM/yyyy', which read 01/02/2025 as different days"
    )]
    [InlineData(
        "DateFormats:0=DD.MM.YYYY",
        "SkipLines=0",
        "which is not a date format: it must have one day (d or dd). 'dd.MM.yyyy'?"
    )]
    [InlineData(
        "DateFormats:0=yyyy-mm-dd",
        "SkipLines=0",
        "which is not a date format: it must have one month (M, MM, MMM or MMMM). 'yyyy-MM-dd'?"
    )]
    [InlineData(
        "TimeZone=Mars/Olympus",
        "SkipLines=0",
        "Etl:Files:Orders:TimeZone is 'Mars/Olympus', which is not a time zone"
    )]
    [InlineData(
        "Columns:quantity:Value=many",
        "SkipLines=0",
        "Etl:Files:Orders:Columns:quantity:Value is 'many'; give a value as the file would have it"
    )]
    [InlineData(
        "HasHeader=false",
        "Header:0=order_id",
        "Etl:Files:Orders:Header lacks customer_id, order_date, product_id"
    )]
    public async Task A_format_that_cannot_be_right_is_refused(string setting, string other, string error)
    {
        var screen = new Screen();
        string[] settings = [$"--Etl:Files:Orders:{setting}", $"--Etl:Files:Orders:{other}"];
        (await screen.RunAsync(["check", "--source", folder.Root, .. settings])).ShouldBe(2, screen.Error);
        screen.Error.ShouldContain(error);
    }

    private async Task ShouldAcceptAsync(params string[] settings)
    {
        var screen = new Screen();
        (
            await screen.RunAsync([
                "check",
                "--json",
                "--source",
                folder.Root,
                .. settings.Select(s => $"--Etl:Files:Orders:{s}"),
            ])
        ).ShouldBe(0, screen.Error);
        var orders = screen.Json.GetProperty("files")[0];
        (orders.GetProperty("accepted").GetInt32(), orders.GetProperty("rejected").GetInt32()).ShouldBe((2, 0));
    }
}
