using System.Text;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>Values, bytes and delimiters that lose nothing are accepted as they are.</summary>
public sealed class FormTests
{
    private const string Orders = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";

    [Theory]
    [InlineData("1,2,2025-06-30,3,11.5000,2,23.00", "unit_price", "11.50")]
    [InlineData("1,2,2025-06-30,3,.50,2,1", "unit_price", "0.50")]
    [InlineData("1,2,2025-06-30,3,+5,2,10", "unit_price", "5.00")]
    [InlineData("1,2,2025-06-30,3,+.5,2,1", "unit_price", "0.50")]
    [InlineData("1,2,2025-06-30,3,5.000,2,10", "unit_price", "5.00")]
    [InlineData("=\"1\",2,2025-06-30,3,5,2,10", "order_id", "1")]
    [InlineData("\"=\"\"1\"\"\",2,2025-06-30,3,5,2,10", "order_id", "1")]
    [InlineData("1,2,=\"2025-06-30\",3,5,2,10", "order_date", "2025-06-30")]
    [InlineData("101.0,2,2025-06-30,3,5,2,10", "order_id", "101")]
    [InlineData("9007199254740992.0,2,2025-06-30,3,5,2,10", "order_id", "9007199254740992")]
    [InlineData("1,2,2025-06-30,3,5,+2.0,10", "quantity", "2")]
    public async Task A_form_without_a_lost_digit_is_read_and_counted(string row, string column, string value)
    {
        var reading = await Reading.OfAsync("orders", $"{Orders}{row}\n");
        var place = Orders.TrimEnd().Split(',').ToList().IndexOf(column);
        reading.Rows.Single().Split('|')[place].ShouldBe(value);
        var form = reading.Result.Validator.Forms.All.Single();
        (form.Column, form.Example[0]).ShouldBe((column, '\''));
    }

    [Theory]
    [InlineData("1,2,2025-06-30,3,11.5010,2,23.00", RejectCode.TooManyDecimals)]
    [InlineData("1,2,2025-06-30,3,1.005,2,23.00", RejectCode.TooManyDecimals)]
    [InlineData("1,2,2025-06-30,3,.,2,23.00", RejectCode.NotANumber)]
    [InlineData("1,2,2025-06-30,3,+,2,23.00", RejectCode.NotANumber)]
    [InlineData("1,2,2025-06-30,3,+-5,2,23.00", RejectCode.NotANumber)]
    [InlineData("1,2,2025-06-30,3,++5,2,23.00", RejectCode.NotANumber)]
    [InlineData("101.5,2,2025-06-30,3,5,2,10", RejectCode.NotANumber)]
    [InlineData("9007199254740993.0,2,2025-06-30,3,5,2,10", RejectCode.NotANumber)]
    [InlineData("1e3,2,2025-06-30,3,5,2,10", RejectCode.NotANumber)]
    [InlineData("1,2,+2025-06-30,3,5,2,10", RejectCode.BadDate)]
    public async Task A_form_that_could_lose_a_digit_is_rejected(string row, RejectCode code) =>
        (await Reading.OfAsync("orders", $"{Orders}{row}\n")).Reject.Code.ShouldBe(code);

    [Theory]
    [InlineData("-.50", "-2.0", "-0.50|-2", 2)]
    [InlineData("-11.5000", "+2", "-11.50|2", 2)]
    [InlineData("-0.01", "-2147483647", "-0.01|-2147483647", 0)]
    [InlineData("\"=\"\"-5\"\"\"", "-1", "-5.00|-1", 1)]
    public async Task A_negative_value_is_read_where_a_setting_allows_it(
        string price,
        string quantity,
        string values,
        int forms
    )
    {
        var signed = Configured.With(
            new IdOptions(),
            section => new FileFormatOptions { AllowNegative = section == "Orders" ? ["unit_price", "quantity"] : null }
        );
        var file = Encoding.UTF8.GetBytes($"{Orders}1,2,2025-06-30,3,{price},{quantity},5\n2,2,2025-06-30,3,5,1,-5\n");
        var reading = await Reading.OfAsync(signed.Named("orders"), file, new QualityOptions());
        reading.Rows.Single().ShouldBe($"1|2|2025-06-30|3|{values}|5.00");
        reading.Result.Validator.Forms.All.Count.ShouldBe(forms);
        (reading.Reject.Code, reading.Reject.Column).ShouldBe((RejectCode.OutOfRange, "total_price"));
        var negative = reading.Result.Validator.Negatives.All.Select(n => $"{n.Sum.Column.Name} {n.Count} {n.Sum}");
        negative.ShouldBe(
            values
                .Split('|')
                .Zip(["unit_price", "quantity"])
                .Where(v => v.First[0] == '-')
                .Select(v => $"{v.Second} 1 {v.First}")
        );
        (await Reading.OfAsync("orders", file, new QualityOptions())).Rejects.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("--5")]
    [InlineData("-")]
    [InlineData("-+5")]
    [InlineData("-5-")]
    [InlineData("(5)")]
    public async Task A_sign_is_one_minus_before_the_digits(string price)
    {
        var signed = Configured.With(new IdOptions(), _ => new FileFormatOptions { AllowNegative = ["unit_price"] });
        var file = Encoding.UTF8.GetBytes($"{Orders}1,2,2025-06-30,3,{price},1,5\n");
        var reading = await Reading.OfAsync(signed.Named("orders"), file, new QualityOptions());
        reading.Reject.Code.ShouldBe(RejectCode.NotANumber);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_matter_only_in_columns_that_are_read()
    {
        byte[] bytes = [.. "review,product_id,gr"u8, 0xF6, .. "sse\n5,1,gr"u8, 0xDF, .. "\n5,2"u8, 0xDF, .. ",a\n"u8];
        var reading = await Reading.OfAsync("reviews", bytes, new QualityOptions());
        reading.Rows.ShouldBe(["5|1"]);
        (reading.Reject.Code, reading.Reject.Column).ShouldBe((RejectCode.BadUtf8, "product_id"));
        reading.Result.IgnoredColumns.Single().ShouldBe("gr\uFFFDsse");
    }

    [Theory]
    [InlineData("review,product_id,\n5,1,\n5,2,\n")]
    [InlineData("review,product_id\n\n5,1,\n5,2,\n")]
    public async Task A_comma_at_the_end_of_every_row_is_no_column(string text)
    {
        var reading = await Reading.OfAsync("reviews", text, piece: 3, readSize: 8);
        reading.Rows.ShouldBe(["5|1", "5|2"]);
        reading.Result.IgnoredColumns.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("review,product_id\n5,1,\n5,2\n5,3,\n", "5|1", "5|3")]
    [InlineData("review,product_id\n5,1\n5,2,\n5,3\n", "5|1", "5|3")]
    public async Task A_row_that_differs_from_the_first_in_its_last_comma_is_rejected(string text, params string[] rows)
    {
        var reading = await Reading.OfAsync("reviews", text);
        reading.Rows.ShouldBe(rows);
        reading.Reject.Code.ShouldBe(RejectCode.FieldCount);
    }
}
