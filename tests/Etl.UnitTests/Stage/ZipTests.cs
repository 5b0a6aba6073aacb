using Etl.Application.Errors;
using Etl.Application.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>Zip archives that are not read, each with its reason.</summary>
public sealed class ZipTests
{
    private const int FlagsAt = 6;
    private const int MethodAt = 8;
    private static readonly byte[] Plain = "review,product_id\n5,1\n"u8.ToArray();

    [Theory]
    [InlineData("reviews.csv|orders.csv", "holds 2 files")]
    [InlineData("reviews.csv|__MACOSX/._reviews.csv|more.csv", "holds 3 files")]
    [InlineData("in/", "holds a folder")]
    [InlineData("in/reviews.csv", "holds a folder")]
    [InlineData(@"..\reviews.csv", "holds a folder")]
    [InlineData("", "holds no file")]
    public async Task An_archive_without_exactly_one_file_is_refused(string names, string why) =>
        (
            await ErrorOfAsync(ZipFile.OfEntries(Plain, names.Split('|', StringSplitOptions.RemoveEmptyEntries)))
        ).ShouldBe($"reviews.csv cannot be read: the zip archive {why}.");

    [Theory]
    [InlineData("[Content_Types].xml")]
    [InlineData("_rels/.rels")]
    [InlineData("xl/workbook.xml")]
    [InlineData("mimetype")]
    public async Task A_spreadsheet_is_named(string first) =>
        (await ErrorOfAsync(ZipFile.OfEntries(Plain, first, "xl/sheet1.xml"))).ShouldBe(
            "reviews.csv is not CSV: it looks like a spreadsheet."
        );

    [Theory]
    [InlineData(FlagsAt, 1, "is encrypted")]
    [InlineData(MethodAt, 12, "is not compressed with deflate")]
    public async Task An_archive_in_a_form_that_is_not_read_is_refused(int at, byte value, string why)
    {
        var archive = ZipFile.Of("zip", Plain);
        archive[at] |= value;

        (await ErrorOfAsync(archive)).ShouldBe($"reviews.csv cannot be read: the zip archive {why}.");
    }

    [Fact]
    public async Task Content_with_another_checksum_than_stated_is_refused()
    {
        var archive = ZipFile.Of("zip, stored", Plain);
        archive[archive.AsSpan().IndexOf("5,1"u8)] = (byte)'4';

        (await ErrorOfAsync(archive)).ShouldBe(
            "reviews.csv cannot be read: its compressed content is damaged or cut off."
        );
    }

    private static async Task<string> ErrorOfAsync(byte[] archive)
    {
        var error = (
            await Should.ThrowAsync<EtlException>(Reading.OfAsync("reviews", archive, new QualityOptions()))
        ).Error;
        error.Code.ShouldBe(ErrorCode.SourceUnreadable);
        return error.Message;
    }
}
