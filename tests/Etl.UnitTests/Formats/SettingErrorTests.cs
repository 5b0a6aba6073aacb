using Etl.TestKit;
using Etl.UnitTests.Console;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Formats;

/// <summary>Invalid settings of files end the program with exit code 2 and one line each.</summary>
public sealed class SettingErrorTests
{
    private readonly Screen screen = new();

    [Theory]
    [InlineData(
        "Orders:Delimiter=;;",
        "Etl:Files:Orders:Delimiter is a value that is not shown; give one ASCII character"
    )]
    [InlineData("Default:Delimiter=x", "Etl:Files:Default:Delimiter is 'x'; give one ASCII character")]
    [InlineData("Orders:Quote=,", "Etl:Files:Orders:Quote is the delimiter, too; give another character.")]
    [InlineData("Orders:Escape=/", "Etl:Files:Orders:Escape is neither the quote nor a backslash; give one of them.")]
    [InlineData(
        "Orders:Encoding=latin-one",
        "Etl:Files:Orders:Encoding is 'latin-one', which is not an encoding of .NET"
    )]
    [InlineData("Orders:Encoding=utf-7", "Etl:Files:Orders:Encoding is 'utf-7', which is not an encoding of .NET")]
    [InlineData(
        "Orders:ThousandsSeparator=.",
        "Etl:Files:Orders:ThousandsSeparator is the decimal separator, too; set"
    )]
    [InlineData(
        "Orders:ThousandsSeparator=1",
        "Etl:Files:Orders:ThousandsSeparator is '1'; give one character that is not"
    )]
    [InlineData(
        "Orders:HasHeader=false",
        "Etl:Files:Orders:HasHeader is false, which requires Etl:Files:Orders:Header"
    )]
    [InlineData("Orders:HasHeader=perhaps", "Etl:Files:Orders:HasHeader is 'perhaps'; give true or false.")]
    [InlineData("Orders:Header:0=order_id", "Etl:Files:Orders:Header names the fields of a file without a header; set")]
    [InlineData("Orders:SkipLines=-1", "Etl:Files:Orders:SkipLines is -1; give a number of lines from 0 to 1000.")]
    [InlineData("Orders:Columns:colour=Farbe", "Etl:Files:Orders:Columns has a name that is not a column of orders")]
    [InlineData("Orders:Columns=order_id", "Etl:Files:Orders:Columns has a value for each name; set it as")]
    [InlineData("Orders:Columns:order_id:Name=x", "Etl:Files:Orders:Columns has an unknown setting; set")]
    [InlineData("Order:Delimiter=;", "Unknown setting Etl:Files:Order; did you mean Etl:Files:Orders?")]
    [InlineData(
        "Orders:Delimeter=;",
        "Unknown setting Etl:Files:Orders:Delimeter; did you mean Etl:Files:Orders:Delimiter?"
    )]
    public async Task An_invalid_setting_is_named_with_its_fix(string setting, string error)
    {
        (await screen.RunAsync("check", "--source", ".", $"--Etl:Files:{setting}")).ShouldBe(2, screen.Error);
        screen.Error.ShouldContain(error);
        screen
            .Error.Split('\n')
            .Count(l => l.Contains("Etl:Files", StringComparison.Ordinal))
            .ShouldBe(1, screen.Error);
    }

    [Fact]
    public async Task Two_settings_of_one_column_are_refused()
    {
        string[] settings =
        [
            "--Etl:Files:Orders:Columns:order_id:0=Number",
            "--Etl:Files:Orders:Columns:order_id:Value=1",
            "--Etl:Files:Shipments:Columns:order_id=Number",
            "--Etl:Files:Shipments:Columns:order_id:Value=1",
        ];
        (await screen.RunAsync(["check", "--source", ".", .. settings])).ShouldBe(2);
        screen.Error.ShouldContain("Etl:Files:Shipments:Columns has an entry that is a text and has settings below it");

        var other = new Screen();
        (await other.RunAsync(["check", "--source", ".", .. settings[..2]])).ShouldBe(2);
        other.Error.ShouldContain("Etl:Files:Orders:Columns:order_id has names and a Value;");
    }

    [Fact]
    public async Task A_setting_of_all_files_that_contradicts_one_of_a_file_is_named_once()
    {
        string[] settings = ["--Etl:Files:Default:ThousandsSeparator=,", "--Etl:Files:Orders:DecimalSeparator=,"];
        (await screen.RunAsync(["check", "--source", ".", .. settings])).ShouldBe(2);
        screen
            .Error.Split('\n')
            .Count(l =>
                l.Contains("Etl:Files:Default:ThousandsSeparator is the decimal separator", StringComparison.Ordinal)
            )
            .ShouldBe(1, screen.Error);
    }

    [Fact]
    public async Task A_setting_of_a_file_replaces_that_of_all_files()
    {
        using var folder = new TempFolder();
        folder.Write(
            "orders.csv",
            "order_id|customer_id|order_date|product_id|unit_price|quantity|total_price\n1|2|2025-01-18|3|5|1|5\n"
        );
        folder.Write("reviews.csv", "review;product_id\n5;3\n");
        folder.Write("shipments.csv", "shipment_id;order_id;shipment_date;delivery_date\n1;1;none;-\n2;1;;\n");
        string[] settings =
        [
            "--Etl:Files:Default:Delimiter=;",
            "--Etl:Files:Orders:Delimiter=|",
            "--Etl:Quality:NullTokens:0=NULL",
            "--Etl:Files:Shipments:NullTokens:0=none",
            "--Etl:Files:Shipments:NullTokens:1=-",
        ];
        (await screen.RunAsync(["check", "--source", folder.Root, .. settings])).ShouldBe(0, screen.Error + screen.Out);
        var replaced = new Screen();
        (await replaced.RunAsync(["check", "--source", folder.Root, .. settings[..4]])).ShouldBe(4);
        replaced.Error.ShouldContain("delivery_date is '-'");
    }
}
