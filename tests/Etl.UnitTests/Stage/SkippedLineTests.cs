using Etl.Application.Errors;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>Lines that hold no row are skipped and counted.</summary>
public sealed class SkippedLineTests
{
    [Theory]
    [InlineData("review,product_id\n5,1\n,\n5,2\n", 1)]
    [InlineData(",,\n,\nreview,product_id\n5,1\n5,2\n", 2)]
    [InlineData("review,product_id\n5,1\n5,2\n,\n,,,\n\"\",\"\"\n", 3)]
    [InlineData("review,product_id\n5,1\nreview,product_id\n5,2\n", 1)]
    [InlineData("review,product_id,\n5,1,\nreview,product_id,\n5,2,\n , ,\n", 2)]
    public async Task A_line_without_a_value_and_a_repeated_header_are_skipped(string text, long skipped)
    {
        var reading = await Reading.OfAsync("reviews", text, piece: 5, readSize: 7);
        reading.Rows.ShouldBe(["5|1", "5|2"]);
        reading.Rejects.ShouldBeEmpty();
        (reading.Result.Validator.Read, reading.Result.Validator.Skipped).ShouldBe((2 + skipped, skipped));
    }

    [Theory]
    [InlineData("review,product_id\n5,1\nreview,x\n")]
    [InlineData("review,product_id\n5,1\n,x\n")]
    public async Task A_line_with_another_value_is_a_rejected_row(string text)
    {
        var reading = await Reading.OfAsync("reviews", text);
        reading.Rejects.Count.ShouldBe(1);
        reading.Result.Validator.Skipped.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_header_in_another_order_fails_the_file()
    {
        var text = "review,product_id\n5,1\nproduct_id,review\n1,5\n";
        var error = (await Should.ThrowAsync<EtlException>(Reading.OfAsync("reviews", text))).Error;
        error.Code.ShouldBe(ErrorCode.SourceHeader);
        error.Message.ShouldContain("a second header with another order of columns: 'product_id,review'");
    }
}
