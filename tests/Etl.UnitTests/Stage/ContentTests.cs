using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Shouldly;
using Xunit;
using ZstdSharp;

namespace Etl.UnitTests.Stage;

/// <summary>Compressed files, and files in UTF-16.</summary>
public sealed class ContentTests
{
    private const string Text = "review,product_id,note\r\n5,1,gr\u00F6\u00DFe\r\n9,2,\uD83D\uDE00\r\n4,3,\r\n";
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(Text);

    public static TheoryData<string> Forms =>
        ["gzip", "gzip in two members", "zstd", "utf-16le", "utf-16be", "utf-32", "utf-16le in gzip", .. ZipFile.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_is_recognized_by_its_first_bytes_and_gives_the_rows_of_the_plain_file(string form)
    {
        var bytes = InForm(form);
        var expected = await Reading.OfAsync("reviews", Plain, new QualityOptions());
        for (var piece = 1; piece <= bytes.Length; piece += piece < 40 ? 1 : 13)
        {
            var reading = await Reading.OfAsync("reviews", bytes, new QualityOptions(), piece, piece + 6);
            reading.Outcomes.ShouldBe(expected.Outcomes, $"pieces of {piece}");
            reading.Result.Hash.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            reading.Result.BytesRead.ShouldBe(bytes.Length);
        }
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 9)]
    [InlineData("gzip", 30)]
    [InlineData("zstd", 1)]
    [InlineData("zstd", 20)]
    [InlineData("zip", 1)]
    [InlineData("zip", 30)]
    [InlineData("zip", 150)]
    [InlineData("zip, stored", 130)]
    public async Task A_compressed_file_that_is_cut_off_is_refused(string form, int missing)
    {
        var error = await ErrorOfAsync(InForm(form)[..^missing]);
        error.Code.ShouldBe(ErrorCode.SourceUnreadable);
        error.Message.ShouldBe("reviews.csv cannot be read: its compressed content is damaged or cut off.");
    }

    [Fact]
    public async Task A_compressed_file_with_a_wrong_byte_is_refused()
    {
        var bytes = InForm("gzip");
        bytes[^7] ^= 1;
        (await ErrorOfAsync(bytes)).Message.ShouldContain("damaged or cut off");
    }

    [Fact]
    public async Task A_zstd_file_whose_window_does_not_fit_the_memory_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var zstd = new CompressionStream(packed, level: 1))
        {
            zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_windowLog, 29);
            await zstd.WriteAsync(Plain);
        }

        (await ErrorOfAsync(packed.ToArray())).Message.ShouldContain("damaged or cut off");
    }

    [Fact]
    public async Task Half_a_character_of_utf16_is_a_rejected_row()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("review,product_id\n5,1\n5,"), 0x3D, 0xD8, 0x0A, 0x00];
        var reading = await Reading.OfAsync("reviews", bytes, new QualityOptions());
        reading.Rows.ShouldBe(["5|1"]);
        (reading.Reject.Code, reading.Reject.Column).ShouldBe((RejectCode.BadUtf8, "product_id"));
    }

    [Theory]
    [InlineData("BZh91AY", "a bzip2 file")]
    [InlineData("PAR1....", "a Parquet file")]
    public async Task Another_format_is_named(string text, string format)
    {
        var error = await ErrorOfAsync(Encoding.ASCII.GetBytes(text));
        error.Message.ShouldBe($"reviews.csv is not CSV: it looks like {format}.");
        error.NextStep.ShouldContain("gzip, zstd or zip");
    }

    [Fact]
    public async Task A_file_that_is_compressed_twice_is_named() =>
        (await ErrorOfAsync(Gzip(Gzip(Plain)))).Message.ShouldContain("compressed twice");

    private static async Task<EtlError> ErrorOfAsync(byte[] bytes) =>
        (await Should.ThrowAsync<EtlException>(Reading.OfAsync("reviews", bytes, new QualityOptions()))).Error;

    private static byte[] InForm(string form) =>
        form switch
        {
            "gzip" => Gzip(Plain),
            "gzip in two members" => [.. Gzip(Plain[..30]), .. Gzip(Plain[30..])],
            "zstd" => Zstd(Plain),
            "utf-16le" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
            "utf-16be" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Text)],
            "utf-32" => [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Text)],
            _ when ZipFile.Forms.Contains(form) => ZipFile.Of(form, Plain),
            _ => Gzip([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)]),
        };

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }
}
