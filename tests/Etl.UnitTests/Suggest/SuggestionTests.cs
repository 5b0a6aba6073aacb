using System.Text;
using Etl.Application.Operations;
using Etl.Domain;
using Etl.Infrastructure.Stage.Suggest;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Suggest;

/// <summary>The settings that are suggested for a file of orders.</summary>
public sealed class SuggestionTests
{
    static SuggestionTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public async Task A_file_in_the_standard_format_needs_no_setting()
    {
        var found = await SuggestAsync(
            """
            order_id,customer_id,order_date,product_id,unit_price,quantity,total_price
            1,7,2025-06-01,3,11.50,2,23.00
            2,8,2025-06-02,4,680,1,680
            """
        );

        found.Settings.ShouldBeEmpty();
        found.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_German_export_is_described_by_settings_alone()
    {
        var found = await SuggestAsync(
            Encoding
                .GetEncoding("windows-1252")
                .GetBytes(
                    """
                    Bestellnummer;Kundennummer;Kunde;Bestelldatum;Artikelnummer;Einzelpreis;Menge;Gesamtpreis
                    1;7;Müller;31.12.2024;3;1.013,50;2;2.027,00
                    2;8;Jäger;01.02.2025;4;11,5;1;11,5
                    3;8;Weiß;02.02.2025;4;0,99;1;0,99
                    """
                )
        );

        found.Questions.ShouldBeEmpty();
        Lines(found)
            .ShouldBe([
                "Etl:Files:Orders:Encoding = windows-1252",
                "Etl:Files:Orders:Delimiter = ;",
                "Etl:Files:Orders:Columns:order_id = Bestellnummer",
                "Etl:Files:Orders:Columns:customer_id = Kundennummer",
                "Etl:Files:Orders:Columns:order_date = Bestelldatum",
                "Etl:Files:Orders:Columns:product_id = Artikelnummer",
                "Etl:Files:Orders:Columns:unit_price = Einzelpreis",
                "Etl:Files:Orders:Columns:quantity = Menge",
                "Etl:Files:Orders:Columns:total_price = Gesamtpreis",
                "Etl:Files:Orders:DateFormats:0 = dd.MM.yyyy",
                "Etl:Files:Orders:DecimalSeparator = ,",
                "Etl:Files:Orders:ThousandsSeparator = .",
            ]);
        found.Settings[0].Evidence.ShouldContain("'Müller'");
    }

    [Fact]
    public async Task An_American_export_needs_its_dates_and_thousands()
    {
        var found = await SuggestAsync([
            .. Encoding.Unicode.GetPreamble(),
            .. Encoding.Unicode.GetBytes(
                """
                Order ID,Customer ID,Order Date,Product ID,Unit Price,Quantity,Total Price
                1,7,12/31/2024,3,"1,013.50",2,"2,027.00"
                2,8,01/02/2025,4,11.50,1,11.50
                """
            ),
        ]);

        Lines(found)
            .ShouldBe(["Etl:Files:Orders:DateFormats:0 = MM/dd/yyyy", "Etl:Files:Orders:ThousandsSeparator = ,"]);
        found.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dates_that_can_be_read_in_two_ways_are_a_question_with_both_days()
    {
        var found = await SuggestAsync(
            """
            order_id,customer_id,order_date,product_id,unit_price,quantity,total_price
            1,7,01/02/2025,3,11.50,2,23.00
            2,8,03/04/2025,4,680,1,680
            """
        );

        found.Settings.ShouldBeEmpty();
        found
            .Questions.ShouldHaveSingleItem()
            .ShouldBe(
                "Which day is '01/02/2025': 'MM/dd/yyyy' (2025-01-02) or 'dd/MM/yyyy' (2025-02-01)? "
                    + "Etl:Files:Orders:DateFormats:0 = ..."
            );
    }

    [Fact]
    public async Task Text_ids_timestamps_and_mapped_columns_are_found_and_the_rest_is_asked()
    {
        var found = await SuggestAsync(
            """
            Name,Email,Paid,Created at,Lineitem sku,Lineitem name,Lineitem price,Lineitem quantity,Total
            #1001,a@shop.example,paid,2025-06-01 23:10:00 +0200,S-1,"Lamp, large",11.50,2,23.00
            #1002,b@shop.example,paid,2025-06-02 10:10:00 +0200,S-2,Table,680.00,1,680.00
            """
        );

        Lines(found)
            .ShouldBe(
                [
                    "Etl:Files:Orders:Columns:order_date = Created at",
                    "Etl:Files:Orders:Columns:customer_id = Email",
                    "Etl:Files:Orders:Columns:product_id = Lineitem sku",
                    "Etl:Files:Orders:Columns:unit_price = Lineitem price",
                    "Etl:Files:Orders:Columns:quantity = Lineitem quantity",
                    "Etl:Files:Orders:Columns:total_price = Total",
                    "Etl:Ids:Customer = Text",
                    "Etl:Ids:Product = Text",
                    "Etl:Files:Orders:DateFormats:0 = yyyy-MM-dd HH:mm:ss zzz",
                ],
                ignoreOrder: true
            );
        found.Questions.Count.ShouldBe(2);
        found.Questions[0].ShouldStartWith("Which field is order_id: 'Name'");
        found.Questions[0].ShouldEndWith("If its values are text, also Etl:Ids:Order = Text.");
        found.Questions[1].ShouldContain("Etl:Files:Orders:TimeZone");
    }

    [Fact]
    public async Task Words_for_NULL_and_negative_amounts_and_titles_are_found()
    {
        var shipments = await SuggestAsync(
            """
            Export of 2025-06-30
            shipment_id|order_id|shipment_date|delivery_date|
            1|1|20250601|NULL|
            2|2|20250602|20250604|
            """,
            "shipments"
        );
        var orders = await SuggestAsync(
            """
            order_id,customer_id,order_date,product_id,unit_price,quantity,total_price
            1,7,2025-06-01,3,11.50,2,23.00
            2,8,2025-06-02,4,680,-1,-680
            """
        );

        Lines(shipments)
            .ShouldBe([
                "Etl:Files:Shipments:Delimiter = |",
                "Etl:Files:Shipments:SkipLines = 1",
                "Etl:Files:Shipments:DateFormats:0 = yyyyMMdd",
                "Etl:Files:Shipments:NullTokens:0 = NULL",
            ]);
        Lines(orders)
            .ShouldBe([
                "Etl:Files:Orders:AllowNegative:0 = quantity",
                "Etl:Files:Orders:AllowNegative:1 = total_price",
            ]);
    }

    [Fact]
    public async Task A_file_without_a_header_is_a_question_that_shows_its_first_row()
    {
        var found = await SuggestAsync(
            """
            1,7,2025-06-01,3,11.50,2,23.00
            2,8,2025-06-02,4,680,1,680
            """
        );

        found.Settings.ShouldBeEmpty();
        found.Questions.ShouldHaveSingleItem().ShouldStartWith("The first line is a row: '1', '7', '2025-06-01'");
    }

    [Fact]
    public async Task What_only_the_end_of_a_large_file_shows_is_found()
    {
        var rows = string.Concat(Enumerable.Range(1, 40_000).Select(i => $"{i},7,2025-06-01,3,11.50,2,23.00\n"));
        var found = await SuggestAsync(
            "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n"
                + rows
                + "A-1,7,2025-06-01,3,11.50,2,23.00\n"
        );

        Lines(found).ShouldBe(["Etl:Ids:Order = Text"]);
    }

    private static IEnumerable<string> Lines(FormatSuggestion found) =>
        found.Settings.Select(s => $"{s.Path} = {s.Value}");

    private static Task<FormatSuggestion> SuggestAsync(string text, string dataset = "orders") =>
        SuggestAsync(Encoding.UTF8.GetBytes(text), dataset);

    private static Task<FormatSuggestion> SuggestAsync(byte[] bytes, string dataset = "orders")
    {
        var source = new MemorySource();
        var file = source.Add($"{dataset}.csv", bytes);
        return new FormatSuggester(source).SuggestAsync(DatasetCatalog.BuiltIn.Named(dataset), file, default);
    }
}
