using System.Text;
using Etl.Application.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

public sealed class DialectTests
{
    private const string Header = "shipment_id,order_id,shipment_date,delivery_date";
    private static readonly string[] TwoRows = ["1|10|2022-01-02|2022-01-05", "2|11||"];

    [Theory]
    [InlineData(Header + "\n1,10,2022-01-02,2022-01-05\n2,11,,\n")]
    [InlineData(Header + "\n1,10,2022-01-02,2022-01-05\n2,11,,")]
    [InlineData(Header + "\r\n1,10,2022-01-02,2022-01-05\r\n2,11,,\r\n")]
    [InlineData(Header + "\r\n1,10,2022-01-02,2022-01-05\r\n2,11,,")]
    [InlineData(Header + "\r1,10,2022-01-02,2022-01-05\r2,11,,\r")]
    [InlineData(Header + "\r1,10,2022-01-02,2022-01-05\r2,11,,")]
    [InlineData(Header + "\n1,10,2022-01-02,2022-01-05\r\n2,11,,\r")]
    [InlineData("\uFEFF" + Header + "\n1,10,2022-01-02,2022-01-05\n2,11,,\n")]
    [InlineData("\n\r\n" + Header + "\n\n1,10,2022-01-02,2022-01-05\n \t\r\n\r2,11,,\n\n  ")]
    [InlineData(
        "\"shipment_id\",\"order_id\",\"shipment_date\",\"delivery_date\"\n\"1\",\"10\",\"2022-01-02\",\"2022-01-05\"\n\"2\",\"11\",\"\",\"\"\n"
    )]
    [InlineData(Header + "\n\"1\",10,\"2022-01-02\",2022-01-05\n2,\"11\",,\"\"")]
    [InlineData(Header + "\n 1 ,10\t,\t2022-01-02, \"2022-01-05\" \n2,11, ,\t \n")]
    [InlineData("delivery_date,order_id,shipment_id,shipment_date\n2022-01-05,10,1,2022-01-02\n,11,2,\n")]
    [InlineData("Shipment_ID, ORDER_ID ,shipment_date,\"Delivery_Date\"\n1,10,2022-01-02,2022-01-05\n2,11,,\n")]
    [InlineData(
        "carrier,shipment_id,order_id,shipment_date,delivery_date,note\nUPS,1,10,2022-01-02,2022-01-05,ok\n,2,11,,,\n"
    )]
    [InlineData(
        "shipment_id,order_id,note,shipment_date,delivery_date\n1,10,\"two\nlines, and \"\"quotes\"\"\",2022-01-02,2022-01-05\n2,11,5\" pipe,,\n"
    )]
    [InlineData(
        "shipment_id,order_id,note,shipment_date,delivery_date\n1,10,größe,2022-01-02,2022-01-05\n2,11,\"日本\r\n語\",,\n"
    )]
    public async Task Every_dialect_gives_the_same_rows(string text)
    {
        var reading = await Reading.OfAsync("shipments", text);
        reading.Rejects.ShouldBeEmpty();
        reading.Rows.ShouldBe(TwoRows);
        reading.Result.Validator.Read.ShouldBe(2);
    }

    [Fact]
    public async Task Aliases_of_columns_are_understood()
    {
        var reading = await Reading.OfAsync(
            "orders",
            "order_id,customer_id,order_date,product_id,unit_price,quantity,amount\n1,2,2022-09-05,3,19.99,2,39.98\n"
        );
        reading.Rows.ShouldBe(["1|2|2022-09-05|3|19.99|2|39.98"]);
    }

    [Fact]
    public async Task Columns_that_the_dataset_does_not_have_are_reported()
    {
        var reading = await Reading.OfAsync("reviews", "a,review,b\u001b[2J,product_id\nx,5,y,7\n");
        reading.Rows.ShouldBe(["5|7"]);
        reading.Result.IgnoredColumns.ShouldBe(["a", "b\\u001B[2J"]);
    }

    [Fact]
    public async Task Null_tokens_mean_null_where_null_may_be()
    {
        var quality = new QualityOptions { NullTokens = { "\\N", "1900-01-01" } };
        var text = Header + "\n1,10,\\N,2022-01-05\n2,11,1900-01-01, \"\\N\" \n3,\\N,,\n";
        var reading = await Reading.OfAsync("shipments", Encoding.UTF8.GetBytes(text), quality);
        reading.Rows.ShouldBe(["1|10||2022-01-05", "2|11||"]);
        reading.Reject.Code.ShouldBe(Etl.Domain.Datasets.RejectCode.NullNotAllowed);
        reading.Reject.Message.ShouldStartWith("order_id is '\\N', which means NULL");
    }

    [Fact]
    public async Task A_file_without_a_byte_has_no_rows_and_no_error()
    {
        var reading = await Reading.OfAsync("reviews", "");
        reading.Result.Validator.Read.ShouldBe(0);
        reading.Result.Hash.Sha256.ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    [Theory]
    [InlineData("review,product_id")]
    [InlineData("review,product_id\n")]
    [InlineData("review,product_id\r\n\r\n")]
    public async Task A_header_alone_has_no_rows(string text) =>
        (await Reading.OfAsync("reviews", text)).Result.Validator.Read.ShouldBe(0);
}
