using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Infrastructure.Csv;
using Etl.Infrastructure.Staging;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Csv;

/// <summary>Files made to hurt: a clear error or rejected rows, and no more memory than for any other file.</summary>
public sealed class HostileInputTests
{
    [Fact]
    public async Task A_line_of_a_gigabyte_is_one_rejected_row_in_bounded_memory()
    {
        // Nothing is awaited for: the whole of it happens on this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = await ReadAsync(1 << 30, (byte)'7');
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        result.Judge.Read.ShouldBe(1);
        result.Judge.Rejects.First.Single().Code.ShouldBe(RejectCode.RecordTooLong);
        result.Judge.Rejects.First.Single().Raw.Length.ShouldBe(64 * 1024);
        allocated.ShouldBeLessThan(16L << 20);
    }

    [Fact]
    public async Task A_file_of_commas_is_one_rejected_row_in_bounded_memory()
    {
        var result = await ReadAsync(50_000_000, (byte)',');
        result.Judge.Rejects.First.Single().Code.ShouldBe(RejectCode.RecordTooLong);
    }

    [Fact]
    public async Task A_million_columns_are_one_rejected_row()
    {
        var reading = await Reading.OfAsync("reviews", $"review,product_id\n{new string(',', 999_999)}\n5,7\n");
        reading.Reject.Code.ShouldBe(RejectCode.FieldCount);
        reading.Reject.Message.ShouldBe("the row has 1000000 fields where the header has 2");
        reading.Rows.ShouldBe(["5|7"]);
    }

    [Fact]
    public async Task A_file_of_quotes_is_rejected_rows_in_bounded_time()
    {
        var result = await ReadAsync(20_000_000, (byte)'"');
        result.Judge.Rejects.Total.ShouldBe(result.Judge.Read);
        result.Judge.Read.ShouldBe(1);
    }

    [Fact]
    public async Task Nul_bytes_are_rejected_rows()
    {
        var result = await ReadAsync(10_000_000, 0);
        result.Judge.Rejects.First.Single().Code.ShouldBe(RejectCode.RecordTooLong);
        var reading = await Reading.OfAsync("reviews", "review,product_id\n\0,\0\n5,7\0\n5,7\n");
        reading.Rejects.Select(r => r.Code).ShouldBe([RejectCode.NotANumber, RejectCode.NotANumber]);
        reading.Rows.ShouldBe(["5|7"]);
    }

    [Fact]
    public async Task A_file_that_grows_without_end_is_refused_at_its_pinned_size()
    {
        var fault = await Should.ThrowAsync<EtlException>(ReadAsync(long.MaxValue, (byte)'\n', pinned: 5_000_000));
        fault.Error.Code.ShouldBe(ErrorCode.SourceChanged);
        fault.Error.Message.ShouldContain("has more now");
    }

    private static Task<SnapshotResult> ReadAsync(long bytes, byte letter, long? pinned = null)
    {
        var header = "review,product_id\n"u8.ToArray();
        var source = new EndlessSource(header, letter, header.Length + Math.Min(bytes, long.MaxValue - 100));
        var file = new SourceFile("memory:///reviews.csv", "reviews.csv", "v1", pinned ?? header.Length + bytes);
        var reader = new SnapshotReader(source, ParserSettings.Of(new QualityOptions()));
        return reader.ReadAsync(Dataset.Named("reviews"), file, new CountingSink(), null, CancellationToken.None);
    }
}
