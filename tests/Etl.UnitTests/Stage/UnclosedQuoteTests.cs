using System.Text;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>A quote that is not closed costs the line that it stands in, and never the file.</summary>
public sealed class UnclosedQuoteTests
{
    private const string Header = "review,product_id,note\n";

    [Fact]
    public async Task A_quote_open_to_the_end_of_the_file_costs_its_own_line_only()
    {
        var reading = await Reading.OfAsync("reviews", $"{Header}1,1,\"open\n2,2,b\n3,3,c\n");
        reading.Reject.Code.ShouldBe(RejectCode.UnclosedQuote);
        reading.Reject.Line.ShouldBe(2);
        Encoding.UTF8.GetString(reading.Reject.Raw.Span).ShouldBe("1,1,\"open");
        reading.Rows.ShouldBe(["2|2", "3|3"]);
    }

    [Fact]
    public async Task A_quote_that_swallows_up_to_the_next_quote_costs_its_own_line_only()
    {
        var text = $"{Header}1,1,\"open\n2,2,b\n3,3,\"two\nlines\"\n4,4,d\n";
        var reading = await Reading.OfAsync("reviews", text);
        reading.Reject.Line.ShouldBe(2);
        reading.Rows.ShouldBe(["2|2", "3|3", "4|4"]);
    }

    [Fact]
    public async Task A_quote_open_beyond_the_size_bound_costs_its_own_line_only()
    {
        var rows = string.Concat(Enumerable.Range(1, 1000).Select(i => $"5,{i},plain\n"));
        var reading = await Read($"{Header}1,1,\"open\n{rows}", 1024);
        reading.Reject.Code.ShouldBe(RejectCode.UnclosedQuote);
        reading.Rows.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task A_record_that_just_fits_is_read_and_one_byte_more_is_too_long()
    {
        var fits = $"1,1,{new string('a', 1020)}";
        var quoted = $"2,2,\"{new string('\n', 1018)}\"";
        var reading = await Read($"{Header}{fits}\n{quoted}\n{fits}b\n3,3,\n", 1024);
        reading.Rows.ShouldBe(["1|1", "2|2", "3|3"]);
        reading.Reject.Code.ShouldBe(RejectCode.RecordTooLong);
        reading.Reject.Line.ShouldBe(1022);
        reading.Reject.Message.ShouldBe(
            "the row is longer than 1024 bytes, the bound that Etl:Quality:MaxRecordBytes sets"
        );
        reading.Reject.Raw.Length.ShouldBe(1024);
    }

    [Theory]
    [InlineData(1024, null)]
    [InlineData(1025, RejectCode.RecordTooLong)]
    [InlineData(1026, RejectCode.UnclosedQuote)]
    [InlineData(1027, RejectCode.UnclosedQuote)]
    [InlineData(2000, RejectCode.UnclosedQuote)]
    public async Task A_quote_closed_near_the_size_bound_has_the_same_result_however_the_bytes_arrive(
        int length,
        RejectCode? code
    )
    {
        var bytes = Encoding.UTF8.GetBytes($"{Header}1,1,\"\n{new string('a', length - 7)}\"\n3,3,\n");
        var quality = new QualityOptions { MaxRecordBytes = 1024 };
        var whole = await Reading.OfAsync("reviews", bytes, quality);
        (whole.Rejects.Count == 0 ? (RejectCode?)null : whole.Rejects[0].Code).ShouldBe(code);
        whole.Rows[^1].ShouldBe("3|3");
        foreach (var size in (int[])[1, 7, 1024, 1025, 1026, 1048, 1049, 1050])
        {
            var torn = await Reading.OfAsync("reviews", bytes, quality, size, size);
            torn.Everything().ShouldBe(whole.Everything(), $"pieces of {size}");
        }
    }

    [Fact]
    public async Task A_record_too_long_is_passed_over_to_its_line_end_however_far_that_is()
    {
        var reading = await Read($"{Header}{new string('x', 3_000_000)}\r\n3,3,\r\n0,1,\n", 1024);
        reading
            .Rejects.Select(r => (r.Line, r.ByteOffset, r.Code))
            .ShouldBe([(2, 23, RejectCode.RecordTooLong), (4, 3_000_031, RejectCode.OutOfRange)]);
        reading.Rows.ShouldBe(["3|3"]);
    }

    [Fact]
    public async Task Quotes_made_to_be_read_again_and_again_do_not_slow_the_reader()
    {
        var line = "a\",\"b\n";
        var text = Header + string.Concat(Enumerable.Repeat(line, 400_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var reading = await Read(text, 1 << 20);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        reading.Rows.ShouldBeEmpty();
        reading.Result.Validator.Read.ShouldBe(reading.Rejects.Count);
    }

    private static Task<Reading> Read(string text, int bound) =>
        Reading.OfAsync("reviews", Encoding.UTF8.GetBytes(text), new QualityOptions { MaxRecordBytes = bound });
}
