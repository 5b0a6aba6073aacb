using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("review\n5\n", "lacks product_id", "Found: 'review'")]
    [InlineData("Review,product_id,REVIEW\n", "names review 2 times", "'Review,product_id,REVIEW'")]
    [InlineData(
        "review;product_id\n5;7\n",
        "lacks review, product_id (it looks separated by semicolons)",
        "'review;product_id'"
    )]
    [InlineData("review\tproduct_id\n", "it looks separated by tabs", "'review\\tproduct_id'")]
    [InlineData("5,7\n3,8\n", "lacks review, product_id", "Found: '5,7'")]
    [InlineData("\n\n", "is missing", "Found: ''")]
    [InlineData("\uFEFF", "is missing", "Found: ''")]
    [InlineData("\"review,product_id\n5,7\n", "has a quote that is not closed", "'\"review,product_id'")]
    [InlineData("\0\0\0\0\0\n", "lacks review", "'\\u0000\\u0000")]
    public async Task A_wrong_header_is_one_clear_error(string text, string what, string found)
    {
        var error = await FaultOf(Encoding.UTF8.GetBytes(text));
        error.Code.ShouldBe(ErrorCode.SourceHeader);
        error.Message.ShouldStartWith("The header of reviews.csv ");
        error.Message.ShouldContain(what);
        error.Message.ShouldContain(found);
        error.Message.ShouldContain("Expected, in any order: review,product_id.");
    }

    [Theory]
    [InlineData("Review,Product ID\n5,7\n")]
    [InlineData("productId,review,REVIEW\n7,5,x\n")]
    public async Task Case_blanks_underscores_and_hyphens_of_a_header_do_not_matter(string text) =>
        (await Reading.OfAsync("reviews", text)).Rows.ShouldBe(["5|7"]);

    [Theory]
    [InlineData("sep=;\nreview;product_id;note\n5;7;\"a;b\"\n", ';')]
    [InlineData("\uFEFFSEP=|\r\nreview|product_id\r\n5|7\r\n", '|')]
    [InlineData("sep=\t\nreview\tproduct_id\tnote\n 5 \t\"7\"\t\n", '\t')]
    [InlineData("sep=,\nreview,product_id\n5,7\n", ',')]
    public async Task A_line_before_the_header_states_the_delimiter(string text, char delimiter)
    {
        for (var piece = 1; piece < 12; piece++)
        {
            var reading = await Reading.OfAsync("reviews", text, piece, piece);
            reading.Rows.ShouldBe(["5|7"]);
            reading.Result.Header!.Delimiter.ShouldBe((byte)delimiter);
        }
    }

    [Fact]
    public async Task Rejected_rows_are_exported_with_the_delimiter_of_their_file()
    {
        var reading = await Reading.OfAsync("reviews", "sep=;\nreview;product_id\n9;7\n5;7,0\n");
        Encoding.UTF8.GetString(reading.Result.Header!.Raw.Span).ShouldBe("sep=;\nreview;product_id");
        reading.Rejects.Select(r => Encoding.UTF8.GetString(r.Raw.Span)).ShouldBe(["9;7", "5;7,0"]);
    }

    [Theory]
    [InlineData("\nsep=;\nreview;product_id\n")]
    [InlineData("sep=x\nreviewxproduct_id\n")]
    public async Task Only_the_first_line_states_a_delimiter(string text) =>
        (await FaultOf(Encoding.UTF8.GetBytes(text))).Message.ShouldContain("lacks review, product_id");

    [Fact]
    public async Task A_column_and_its_alias_together_are_one_column_too_many()
    {
        var header = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price,amount\n";
        var error = await FaultOf(Encoding.UTF8.GetBytes(header), "orders");
        error.Message.ShouldContain("names total_price 2 times");
    }

    [Fact]
    public async Task A_header_that_is_not_utf8_is_reported() =>
        (await FaultOf([.. "review,produkt_gr"u8, 0xF6, .. "sse\n"u8])).Message.ShouldContain(
            "lacks product_id and is not UTF-8. Found: 'review,produkt_gr\\xF6sse'"
        );

    [Fact]
    public async Task A_million_columns_are_no_header()
    {
        var error = await FaultOf(Encoding.UTF8.GetBytes($"x{new string(',', 999_999)}\n"));
        error.Code.ShouldBe(ErrorCode.SourceHeader);
        error.Message.ShouldContain("has 1000000 columns");
        error.Message.Length.ShouldBeLessThan(400);
    }

    [Fact]
    public async Task A_header_beyond_the_size_bound_is_reported()
    {
        var error = await FaultOf(Encoding.UTF8.GetBytes(new string('a', 5000)), bound: 4096);
        error.Message.ShouldContain("does not end within 4096 bytes");
    }

    private static async Task<EtlError> FaultOf(byte[] bytes, string dataset = "reviews", int bound = 1 << 20)
    {
        var quality = new QualityOptions { MaxRecordBytes = bound };
        return (await Should.ThrowAsync<EtlException>(Reading.OfAsync(dataset, bytes, quality))).Error;
    }
}
