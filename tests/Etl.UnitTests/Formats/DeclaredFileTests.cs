using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.TestKit;
using Etl.UnitTests.Stage;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Formats;

/// <summary>What each setting of a format does to one file.</summary>
public sealed class DeclaredFileTests
{
    private static readonly FileFormat Standard = FileFormat.Standard;

    [Theory]
    [InlineData("windows-1252")]
    [InlineData("iso-8859-1")]
    [InlineData("ibm850")]
    [InlineData("utf-16")]
    [InlineData("utf-8")]
    public async Task A_declared_encoding_is_read(string name)
    {
        var bytes = TextEncodings.Find(name)!.GetBytes("sale_ref,sold_on,price,pieces,note\nÄ1,,1,1,größe\n");
        (await ReadAsync(Sales.Dataset, Standard with { Encoding = name }, bytes)).Rows.ShouldBe(["Ä1||1.00|1|größe"]);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_byte_order_mark_takes_precedence_over_the_declared_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes =
        [
            .. encoding.GetPreamble(),
            .. encoding.GetBytes("sale_ref,sold_on,price,pieces,note\nÄ1,,1,1,größe\n"),
        ];
        (await ReadAsync(Sales.Dataset, Standard with { Encoding = "windows-1252" }, bytes)).Rows.ShouldBe([
            "Ä1||1.00|1|größe",
        ]);
    }

    [Fact]
    public async Task Bytes_that_the_encoding_does_not_have_reject_a_row_only_in_columns_that_are_read()
    {
        byte[] bytes = [.. "review,product_id,note\n5,1,"u8, 0xC4, .. "\n5"u8, 0xC4, .. ",2,x\n4,3,x\n"u8];
        var reading = await ReadAsync(Reviews, Standard with { Encoding = "us-ascii" }, bytes);
        reading.Rows.ShouldBe(["5|1", "4|3"]);
        (reading.Reject.Code, reading.Reject.Column).ShouldBe((RejectCode.BadUtf8, "review"));
    }

    [Theory]
    [InlineData(
        '.',
        "4.99,2025-06-01,3",
        "is '4.99', expected an amount from 0 to 999999999999.99 with at most two decimals, here from 5.00 to 10.50"
    )]
    [InlineData(
        '.',
        "10.51,2025-06-01,3",
        "is '10.51', expected an amount from 0 to 999999999999.99 with at most two decimals, here from 5.00 to 10.50"
    )]
    [InlineData(
        '.',
        "5,2025-06-02,3",
        "is '2025-06-02', expected a day written yyyy-MM-dd, from 1900-01-01 to 2199-12-31, here 2025-06-01 or less"
    )]
    [InlineData('.', "5,2025-06-01,1", "is '1', expected a whole number from 1 to 2147483647, here 2 or more")]
    [InlineData(
        'p',
        "10p51,2025-06-01,3",
        "is '10p51', expected an amount from 0 to 999999999999.99 with at most two decimals, written 1234p50, here from 5.00 to 10.50"
    )]
    [InlineData('.', "10.5000,2025-06-01,=\"2\"", null)]
    [InlineData('p', "10p5000,2025-06-01,2", null)]
    [InlineData('.', "5,,2", null)]
    public async Task A_dataset_can_allow_fewer_values_than_the_type_of_a_column(
        char point,
        string row,
        string? message
    )
    {
        var bounded = new Dataset(
            "refunds",
            ["refunds.csv"],
            [
                new Column("refund", FieldType.Money) { Min = 500, Max = 1050 },
                new Column("day", FieldType.Date, Nullable: true) { Max = new DateOnly(2025, 6, 1).DayNumber },
                new Column("pieces", FieldType.Quantity) { Min = 2 },
            ]
        );
        var reading = await ReadAsync(
            bounded,
            Standard with
            {
                DecimalSeparator = point,
            },
            $"refund,day,pieces\n{row}\n"
        );
        if (message is null)
        {
            reading.Rejects.ShouldBeEmpty();
            reading.Rows.Count.ShouldBe(1);
        }
        else
        {
            reading.Reject.Message.ShouldEndWith(message);
            reading.Reject.Code.ShouldBe(RejectCode.OutOfRange);
        }
    }

    [Theory]
    [InlineData("sep=;\nreview|product_id\n5|1\n")]
    [InlineData("sep=|\nreview|product_id\n5|1\n")]
    [InlineData("review|product_id\n5|1\n")]
    [InlineData("review|product_id|\n5|1|\n")]
    [InlineData("review|product_id\n\"5\"|\"1\"\n")]
    public async Task A_declared_delimiter_takes_precedence_over_a_line_that_states_one(string text) =>
        (await ReadAsync(Reviews, Standard with { Delimiter = '|' }, text)).Rows.ShouldBe(["5|1"]);

    [Theory]
    [InlineData('\'', '\'', "note,review,product_id\n'a,''b',5,1\n\"a,5,2\n", "5|1", "5|2")]
    [InlineData('"', '\\', "note,review,product_id\n\"5\\\" pipe, \\\\\",5,1\na\\,5,2\n", "5|1", "5|2")]
    [InlineData('\'', '\\', "note,review,product_id\n'it\\'s,\n',5,1\n'\\\\',5,2\n", "5|1", "5|2")]
    public async Task Declared_quotes_and_escapes_are_read(char quote, char escape, string text, params string[] rows)
    {
        var reading = await ReadAsync(Reviews, Standard with { Quote = quote, Escape = escape }, text);
        reading.Rejects.ShouldBeEmpty();
        reading.Rows.ShouldBe(rows);
    }

    [Fact]
    public async Task A_backslash_is_removed_only_before_a_quote_and_itself()
    {
        var reading = await ReadAsync(
            Sales.Dataset,
            Standard with
            {
                Escape = '\\',
            },
            "sale_ref,sold_on,price,pieces,note\n\"a\\\"b\\\\c\\d\",,1,1,x\\y\n"
        );
        reading.Rows.ShouldBe(["a\"b\\c\\d||1.00|1|x\\y"]);
    }

    [Theory]
    [InlineData("title \"open\n\nreview,product_id\n5,1\n5,x\n")]
    [InlineData("title\r\n;;\r\nreview,product_id\r\n5,1\r\n5,x\r\n")]
    [InlineData("title\rdate\rreview,product_id\r5,1\r5,x\r")]
    public async Task Lines_above_the_header_are_skipped_whatever_they_contain(string text)
    {
        var reading = await ReadAsync(Reviews, Standard with { SkipLines = 2 }, text, piece: 1, readSize: 3);
        reading.Rows.ShouldBe(["5|1"]);
        (reading.Reject.Line, reading.Reject.ByteOffset).ShouldBe((5, text.IndexOf("5,x", StringComparison.Ordinal)));
        reading.Result.Validator.Skipped.ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_ends_within_the_skipped_lines_has_no_header() =>
        (await ErrorAsync(Reviews, Standard with { SkipLines = 3 }, "a\nb\n")).Message.ShouldContain(
            "The header of reviews.csv is missing"
        );

    [Theory]
    [InlineData("1,5\n2,4\n")]
    [InlineData("\n,\n1,5\n2,4")]
    [InlineData("sep=,\n1,5\n2,4\n")]
    [InlineData("1,5,\n2,4,\n")]
    public async Task A_file_without_a_header_has_the_declared_names(string text)
    {
        var reading = await ReadAsync(
            Reviews,
            Standard with
            {
                Header = ["Product ID", "review"],
            },
            text,
            piece: 2,
            readSize: 2
        );
        reading.Rejects.ShouldBeEmpty();
        reading.Rows.ShouldBe(["5|1", "4|2"]);
    }

    [Fact]
    public async Task A_mapped_column_is_read_by_its_declared_names_only()
    {
        var format = Standard with
        {
            ColumnNames = new Dictionary<string, IReadOnlyList<string>> { ["review"] = ["Sterne", "Stars"] },
        };
        var reading = await ReadAsync(Reviews, format, "review,product_id,Sterne\n1,7,5\n");
        reading.Rows.ShouldBe(["5|7"]);
        reading.Result.IgnoredColumns.ShouldBe(["review"]);
        (await ErrorAsync(Reviews, format, "review,product_id\n1,7\n")).Message.ShouldContain(
            "lacks review (declared as 'Sterne' or 'Stars')"
        );
    }

    [Fact]
    public async Task A_constant_is_the_value_of_every_row_plain_and_quoted()
    {
        var format = Standard with { Constants = new Dictionary<string, string> { ["review"] = "5" } };
        (await ReadAsync(Reviews, format, "product_id,note\n7,x\n\"8\",\"a,b\"\n")).Rows.ShouldBe(["5|7", "5|8"]);
        var text = Standard with
        {
            Constants = new Dictionary<string, string> { ["note"] = "größe", ["sold_on"] = "" },
        };
        (await ReadAsync(Sales.Dataset, text, "sale_ref,price,pieces\nA,1,1\n\"B\",2,2\n")).Rows.ShouldBe([
            "A||1.00|1|größe",
            "B||2.00|2|größe",
        ]);
    }

    [Fact]
    public async Task Declared_values_are_rejected_with_how_they_are_written()
    {
        var format = Standard with
        {
            DecimalSeparator = ',',
            ThousandsSeparator = ".",
            DateFormats = ["dd.MM.yyyy", "yyyy-MM-dd"],
        };
        var reading = await ReadAsync(
            DatasetCatalog.BuiltIn.Named("orders"),
            format with
            {
                Delimiter = ';',
            },
            "order_id;customer_id;order_date;product_id;unit_price;quantity;total_price\n1;1;18.01.2025;1;1.5;1;1\n2;1;18/01/2025;1;1,5;1;1\n3;1;2025-01-18;1;1.000,50;1.000;1\n"
        );
        reading.Rows.ShouldBe(["3|1|2025-01-18|1|1000.50|1000|1.00"]);
        reading
            .Rejects.Select(r => r.Message)
            .ShouldBe([
                "unit_price is '1.5', expected an amount from 0 to 999999999999.99 with at most two decimals, written 1.234,50",
                "order_date is '18/01/2025', expected a day written dd.MM.yyyy or yyyy-MM-dd, from 1900-01-01 to 2199-12-31",
            ]);
    }

    [Fact]
    public async Task Missing_columns_point_to_the_settings_that_would_map_them()
    {
        var error = await ErrorAsync(
            DatasetCatalog.BuiltIn.Named("orders"),
            Standard,
            "Order Number,Customer,Order Date,Product ID,Unit Price,Quantity,Total Price\n"
        );
        error.Message.ShouldContain("lacks order_id, customer_id.");
        error.NextStep.ShouldStartWith(
            "Etl:Files:Orders:Columns:order_id = 'Order Number'? Etl:Files:Orders:Columns:customer_id = 'Customer'?"
        );
    }

    [Theory]
    [InlineData(
        "1,1,18-JAN-25,\n2,2,04-FEB-25,\n",
        "Every rejected shipment_date fits 'dd-MMM-yy': set Etl:Files:Shipments:DateFormats:0 = 'dd-MMM-yy'."
    )]
    [InlineData(
        "1,1,18-01-2025,\n2,2,2025-02-04,\n",
        "set Etl:Files:Shipments:DateFormats:0 = 'yyyy-MM-dd', Etl:Files:Shipments:DateFormats:1 = 'dd-MM-yyyy'."
    )]
    [InlineData(
        "1,1,01/02/2025,\n2,2,03/04/2025,\n",
        "fits 'MM/dd/yyyy' and 'dd/MM/yyyy', as different days: name the right one in Etl:Files:Shipments:DateFormats."
    )]
    [InlineData(
        "1,1,2025-01-18T10:00:00+02:00,\n",
        "DateFormats:0 = 'yyyy-MM-dd'T'HH:mm:sszzz', and Etl:Files:Shipments:TimeZone."
    )]
    [InlineData(
        "1,1,NULL,\n2,2,NULL,\n",
        "If 'NULL' in shipment_date means NULL, add it to Etl:Files:Shipments:NullTokens or Etl:Quality:NullTokens."
    )]
    public async Task Rejected_values_point_to_the_settings_that_would_read_them(string rows, string hint)
    {
        var reading = await ReadAsync(
            DatasetCatalog.BuiltIn.Named("shipments"),
            Standard,
            $"shipment_id,order_id,shipment_date,delivery_date\n{rows}"
        );
        Hints(reading).Single().ShouldEndWith(hint);
    }

    [Fact]
    public async Task Refunds_and_lines_of_orders_point_to_the_settings_that_would_load_them()
    {
        var reading = await ReadAsync(
            DatasetCatalog.BuiltIn.Named("orders"),
            Standard,
            "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n"
                + "1,1,2025-01-18,1,13.50,-1,-13.50\n2,1,2025-01-18,1,1,1,-1.005\n3,1,2025-01-18,1,1,1,-x\n"
                + "4,1,2025-01-18,1,1,1,1\n4,1,2025-01-18,2,1,1,1\n"
        );
        Hints(reading)
            .ShouldBe([
                "If a negative quantity is a refund, add quantity to Etl:Files:Orders:AllowNegative.",
                "If several rows may have one order_id, name the columns that together are unique in Etl:Files:Orders:Key.",
            ]);
    }

    [Fact]
    public async Task Rejected_dates_that_fit_no_one_format_give_no_hint()
    {
        var reading = await ReadAsync(
            DatasetCatalog.BuiltIn.Named("shipments"),
            Standard,
            "shipment_id,order_id,shipment_date,delivery_date\n1,1,18.01.2025,\n2,2,2025/01/18,\n3,3,soon,\n"
        );
        Hints(reading).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Hints(Reading reading) =>
        reading.Result.Stage(Reviews, new SourceFile("memory:///file.csv", "file.csv", "v1", 0), default).Hints;

    private static Dataset Reviews => DatasetCatalog.BuiltIn.Named("reviews");

    private static Task<Reading> ReadAsync(
        Dataset dataset,
        FileFormat format,
        string text,
        int piece = int.MaxValue,
        int readSize = 0
    ) =>
        Reading.OfAsync(
            dataset with
            {
                Format = format,
            },
            Encoding.UTF8.GetBytes(text),
            new QualityOptions(),
            piece,
            readSize
        );

    private static Task<Reading> ReadAsync(Dataset dataset, FileFormat format, byte[] bytes) =>
        Reading.OfAsync(dataset with { Format = format }, bytes, new QualityOptions());

    private static async Task<EtlError> ErrorAsync(Dataset dataset, FileFormat format, string text) =>
        (await Should.ThrowAsync<EtlException>(ReadAsync(dataset, format, text))).Error;
}
