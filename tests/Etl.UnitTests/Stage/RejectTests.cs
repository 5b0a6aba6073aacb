using System.Text;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

public sealed class RejectTests
{
    private const string Orders = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";
    private const string Good = "1,2,2022-09-05,3,19.99,2,39.98";

    [Theory]
    [InlineData(
        "x,2,2022-09-05,3,19.99,2,39.98",
        RejectCode.NotANumber,
        "order_id",
        "order_id is 'x', expected a whole number from 1 to 9223372036854775807"
    )]
    [InlineData("1.5,2,2022-09-05,3,19.99,2,39.98", RejectCode.NotANumber, "order_id", "order_id is '1.5', ")]
    [InlineData("9,NaN,2022-09-05,3,19.99,2,39.98", RejectCode.NotANumber, "customer_id", "customer_id is 'NaN', ")]
    [InlineData("9,NULL,2022-09-05,3,19.99,2,39.98", RejectCode.NotANumber, "customer_id", "customer_id is 'NULL', ")]
    [InlineData("0,2,2022-09-05,3,19.99,2,39.98", RejectCode.OutOfRange, "order_id", "order_id is '0', ")]
    [InlineData(
        "9223372036854775808,2,2022-09-05,3,19.99,2,39.98",
        RejectCode.OutOfRange,
        "order_id",
        "order_id is '9223372036854775808', "
    )]
    [InlineData(
        "9,2,2022-09-05,3,19.99,2147483648,39.98",
        RejectCode.OutOfRange,
        "quantity",
        "quantity is '2147483648', "
    )]
    [InlineData("9,2,2022-09-05,3,-0.01,2,39.98", RejectCode.OutOfRange, "unit_price", "unit_price is '-0.01', ")]
    [InlineData("9,2,2022-09-05,3,1000000000000,2,39.98", RejectCode.OutOfRange, "unit_price", "unit_price is ")]
    [InlineData(
        "9,2,2022-09-05,3,19.999,2,39.98",
        RejectCode.TooManyDecimals,
        "unit_price",
        "unit_price is '19.999', expected an amount"
    )]
    [InlineData(
        "9,2,2022-02-30,3,19.99,2,39.98",
        RejectCode.BadDate,
        "order_date",
        "order_date is '2022-02-30', expected a day written yyyy-MM-dd"
    )]
    [InlineData("9,2,05.09.2022,3,19.99,2,39.98", RejectCode.BadDate, "order_date", "order_date is '05.09.2022', ")]
    [InlineData("9,2,1000-01-01,3,19.99,2,39.98", RejectCode.OutOfRange, "order_date", "order_date is '1000-01-01', ")]
    [InlineData(
        "9,,2022-09-05,3,19.99,2,39.98",
        RejectCode.NullNotAllowed,
        "customer_id",
        "customer_id is empty, expected a whole number"
    )]
    [InlineData(
        "9, \t ,2022-09-05,3,19.99,2,39.98",
        RejectCode.NullNotAllowed,
        "customer_id",
        "customer_id is empty, "
    )]
    [InlineData(
        "9,\"\",2022-09-05,3,19.99,2,39.98",
        RejectCode.NullNotAllowed,
        "customer_id",
        "customer_id is empty, "
    )]
    [InlineData("9,2,2022-09-05,3,19.99,2", RejectCode.FieldCount, null, "the row has 6 fields where the header has 7")]
    [InlineData(
        "9,2,2022-09-05,3,19.99,2,39.98,",
        RejectCode.FieldCount,
        null,
        "the row has 8 fields where the header has 7"
    )]
    [InlineData("9", RejectCode.FieldCount, null, "the row has 1 field where the header has 7")]
    [InlineData(
        "9,2,2022-09-05,3,\"19\"99,2,39.98",
        RejectCode.UnclosedQuote,
        "unit_price",
        "a quote is not closed where its field ends: "
    )]
    [InlineData(
        "9,2,2022-09-05,3,19.99,2,\"39.98",
        RejectCode.UnclosedQuote,
        "total_price",
        "a quote is not closed where its field ends: "
    )]
    [InlineData("9,2,2022-09-05,3,1\"9,2,39.98", RejectCode.NotANumber, "unit_price", "unit_price is '1\"9', ")]
    [InlineData("9,2,2022-09-05,3,\"1\"\"9\",2,39.98", RejectCode.NotANumber, "unit_price", "unit_price is '1\"9', ")]
    [InlineData(
        "1,2,2022-09-05,3,19.99,2,39.98",
        RejectCode.DuplicateKey,
        "order_id",
        "order_id is '1', which an earlier row of the file has"
    )]
    [InlineData("x,y,z,3,19.99,2,39.98", RejectCode.NotANumber, "order_id", "order_id is 'x', ")]
    public async Task A_bad_row_is_rejected_with_code_column_and_reason(
        string row,
        RejectCode code,
        string? column,
        string message
    )
    {
        var reading = await Reading.OfAsync("orders", $"{Orders}{Good}\n{row}\n5,2,2022-09-05,3,19.99,2,39.98\n");
        var reject = reading.Reject;
        reject.Code.ShouldBe(code);
        reject.Column.ShouldBe(column);
        reject.Message.ShouldStartWith(message);
        reject.Message.ShouldNotEndWith(".");
        reject.Line.ShouldBe(3);
        reject.ByteOffset.ShouldBe(Orders.Length + Good.Length + 1);
        Encoding.UTF8.GetString(reject.Raw.Span).ShouldBe(row);
        reading.Rows.ShouldBe(["1|2|2022-09-05|3|19.99|2|39.98", "5|2|2022-09-05|3|19.99|2|39.98"]);
        reading.Result.Validator.Read.ShouldBe(3);
        reading.Result.Validator.Rejects.ByCode().ShouldBe([new(code, 1)]);
    }

    [Fact]
    public async Task Lines_and_offsets_count_bom_empty_lines_and_line_breaks_in_quotes()
    {
        var text = "\uFEFFreview,product_id,text\r\n\r\n5,7,\"a\r\nb\nc\"\r\n\r\n6,8,\r\n1,2,\"\n\"\n0,1,x";
        var reading = await Reading.OfAsync("reviews", text);
        reading
            .Rejects.Select(r => (r.Line, r.Code))
            .ShouldBe([(7, RejectCode.OutOfRange), (10, RejectCode.OutOfRange)]);
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var reject in reading.Rejects)
        {
            bytes.AsSpan((int)reject.ByteOffset, reject.Raw.Length).SequenceEqual(reject.Raw.Span).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_reject_the_row()
    {
        var bytes = Encoding.Latin1.GetBytes("review,product_id,note\nx,\xFF,ok\n5,8,fine\n");
        var reading = await Reading.OfAsync("reviews", bytes, new QualityOptions());
        reading.Reject.Code.ShouldBe(RejectCode.BadUtf8);
        reading.Reject.Column.ShouldBe("product_id");
        reading.Reject.Message.ShouldBe("product_id has bytes that are not UTF-8: '\\xFF'");
        reading.Rows.ShouldBe(["5|8"]);
    }

    [Theory]
    [InlineData("NULL", true)]
    [InlineData("nat", true)]
    [InlineData("soon", false)]
    public async Task A_word_that_means_null_elsewhere_points_to_the_setting(string word, bool points)
    {
        var text = $"shipment_id,order_id,shipment_date,delivery_date\n1,2,{word},\n";
        var message = (await Reading.OfAsync("shipments", text)).Reject.Message;
        message.Contains("Etl:Quality:NullTokens", StringComparison.Ordinal).ShouldBe(points, message);
    }

    [Fact]
    public async Task The_first_error_in_the_files_own_column_order_is_reported()
    {
        var reading = await Reading.OfAsync("reviews", "product_id,review\n0,9\n");
        reading.Reject.Column.ShouldBe("product_id");
    }

    [Fact]
    public async Task A_rejected_row_does_not_take_its_key()
    {
        var reading = await Reading.OfAsync(
            "shipments",
            "shipment_id,order_id,shipment_date,delivery_date\n1,x,,\n1,2,,\n"
        );
        reading.Reject.Code.ShouldBe(RejectCode.NotANumber);
        reading.Rows.ShouldBe(["1|2||"]);
    }

    [Fact]
    public async Task Equal_reviews_are_different_reviews()
    {
        var reading = await Reading.OfAsync("reviews", "review,product_id\n5,7\n5,7\n");
        reading.Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Only_the_first_few_rejects_are_kept_for_messages_and_all_are_counted()
    {
        var rows = string.Concat(Enumerable.Repeat("9,9\n", 25));
        var reading = await Reading.OfAsync("reviews", $"review,product_id\n{rows}");
        reading.Result.Validator.Rejects.Total.ShouldBe(25);
        reading
            .Result.Validator.Rejects.First.Select(r => r.Line)
            .ShouldBe(Enumerable.Range(2, 10).Select(i => (long)i));
    }
}
