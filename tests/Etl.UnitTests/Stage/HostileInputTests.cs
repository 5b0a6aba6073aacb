using System.IO.Compression;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>Files made to hurt: a clear error or rejected rows, and no more memory than for any other file.</summary>
public sealed class HostileInputTests
{
    /// <summary>What reading may take altogether, collected or not: far below the bytes that come.</summary>
    private const long Bound = 16L << 20;

    [Fact]
    public async Task A_line_of_a_gigabyte_is_one_rejected_row_in_bounded_memory()
    {
        var result = await BoundedAsync(() => ReadAsync(1 << 30, (byte)'7'));
        result.Validator.Read.ShouldBe(1);
        result.Validator.Rejects.First.Single().Code.ShouldBe(RejectCode.RecordTooLong);
        result.Validator.Rejects.First.Single().Raw.Length.ShouldBe(64 * 1024);
    }

    [Fact]
    public async Task A_file_of_commas_is_one_rejected_row_in_bounded_memory()
    {
        var result = await BoundedAsync(() => ReadAsync(50_000_000, (byte)','));
        result.Validator.Rejects.First.Single().Code.ShouldBe(RejectCode.RecordTooLong);
    }

    [Fact]
    public async Task A_million_columns_are_one_rejected_row()
    {
        var text = $"review,product_id\nx{new string(',', 999_999)}\n5,7\n";
        var reading = await BoundedAsync(() => Reading.OfAsync("reviews", text));
        reading.Reject.Code.ShouldBe(RejectCode.FieldCount);
        reading.Reject.Message.ShouldBe("the row has 1000000 fields where the header has 2");
        reading.Rows.ShouldBe(["5|7"]);
    }

    [Fact]
    public async Task A_file_of_quotes_is_rejected_rows_in_bounded_time_and_memory()
    {
        var result = await BoundedAsync(() => ReadAsync(20_000_000, (byte)'"'));
        result.Validator.Rejects.Total.ShouldBe(result.Validator.Read);
        result.Validator.Read.ShouldBe(1);
    }

    [Fact]
    public async Task Nul_bytes_are_rejected_rows_in_bounded_memory()
    {
        var result = await BoundedAsync(() => ReadAsync(100_000_000, 0));
        result.Validator.Rejects.First.Single().Code.ShouldBe(RejectCode.RecordTooLong);
        var reading = await Reading.OfAsync("reviews", "review,product_id\n\0,\0\n5,7\0\n5,7\n");
        reading.Rejects.Select(r => r.Code).ShouldBe([RejectCode.NotANumber, RejectCode.NotANumber]);
        reading.Rows.ShouldBe(["5|7"]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task A_compressed_file_that_expands_without_end_is_refused_in_bounded_memory(string form)
    {
        byte[] content = [.. "review,product_id\n"u8, .. new byte[100 << 20]];
        var bomb = form == "zip" ? ZipFile.Of(form, content) : ContentTests.Gzip(content);
        var error = await BoundedAsync(() => FaultAsync(Reading.OfAsync("reviews", bomb, new QualityOptions())));
        error!.Code.ShouldBe(ErrorCode.SourceUnreadable);
        error.Message.ShouldContain("expands more than 500 times");
    }

    [Fact]
    public async Task A_file_that_grows_without_end_is_refused_at_its_pinned_size()
    {
        var error = await BoundedAsync(() => FaultAsync(ReadAsync(long.MaxValue, (byte)'\n', pinned: 50_000_000)));
        error!.Code.ShouldBe(ErrorCode.SourceChanged);
        error.Message.ShouldContain("has more now");
    }

    /// <summary>Nothing is awaited for: the whole of the reading happens on this thread.</summary>
    private static async Task<T> BoundedAsync<T>(Func<Task<T>> reading)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thread = Environment.CurrentManagedThreadId;
        var result = await reading();
        Environment.CurrentManagedThreadId.ShouldBe(thread);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Bound);
        return result;
    }

    /// <summary>On the thread that reads, where an assertion would go on elsewhere.</summary>
    private static async Task<EtlError?> FaultAsync(Task reading)
    {
        try
        {
            await reading;
            return null;
        }
        catch (EtlException exception)
        {
            return exception.Error;
        }
    }

    private static Task<SnapshotResult> ReadAsync(long bytes, byte letter, long? pinned = null)
    {
        var header = "review,product_id\n"u8.ToArray();
        var source = new EndlessSource(header, letter, header.Length + Math.Min(bytes, long.MaxValue - 100));
        var file = new SourceFile("memory:///reviews.csv", "reviews.csv", "v1", pinned ?? header.Length + bytes);
        var reader = new SnapshotReader(source, ParserSettings.Of(new QualityOptions()));
        return reader.ReadAsync(
            DatasetCatalog.BuiltIn.Named("reviews"),
            file,
            new CountingSink(),
            null,
            CancellationToken.None
        );
    }
}
