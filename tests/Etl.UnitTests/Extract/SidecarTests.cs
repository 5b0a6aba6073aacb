using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Extract;

/// <summary>The formats of checksum files and control files.</summary>
public sealed class SidecarTests
{
    private const string Sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Md5 = "d41d8cd98f00b204e9800998ecf8427e";
    private static readonly SourceFile Orders = new("file:///in/orders.csv", "orders.csv", "1", 10);
    private static readonly SourceFile Sums = new("file:///in/SHA256SUMS", "SHA256SUMS", "1", 10);

    [Theory]
    [InlineData(Sha)]
    [InlineData(Sha + "\n")]
    [InlineData(Sha + "  orders.csv\n")]
    [InlineData(Sha + " *orders.csv\r\n")]
    [InlineData("# by the shop\n\n" + Sha + "  /out/orders_20250702.csv\n")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855 ./orders.csv")]
    public void A_hash_of_one_file_is_read_with_and_without_its_name(string text) =>
        ChecksumFile.ParseOf(Orders, Sums, text, md5: false).Sha256.ShouldBe(Sha);

    [Fact]
    public void An_md5_hash_is_read_in_the_same_format() =>
        ChecksumFile.ParseOf(Orders, Sums, $"{Md5}  orders.csv\n", md5: true).Md5.ShouldBe(Md5);

    [Fact]
    public void The_line_with_the_name_of_the_file_applies() =>
        ChecksumFile
            .ParseOf(Orders, Sums, $"{new string('0', 64)}  reviews.csv\n{Sha}  ./orders.csv\n", md5: false)
            .Sha256.ShouldBe(Sha);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("orders.csv", "line 1 does not start with a SHA-256 hash in hexadecimal")]
    [InlineData(Md5 + "  orders.csv", "line 1 does not start with a SHA-256 hash in hexadecimal")]
    [InlineData(Sha + "  a.csv\n" + Sha + "  b.csv", "it has 2 hashes, none with the name orders.csv")]
    public void A_text_of_another_format_is_an_error_that_names_the_file(string text, string why)
    {
        var error = Should.Throw<EtlException>(() => ChecksumFile.ParseOf(Orders, Sums, text, md5: false)).Error;
        error.Code.ShouldBe(ErrorCode.SourceIncomplete);
        error.Message.ShouldBe(
            $"SHA256SUMS cannot be used to verify the delivery: {why}. The file is file:///in/SHA256SUMS."
        );
    }

    [Theory]
    [InlineData("file,rows\norders.csv,20\n", null)]
    [InlineData("FILE, ROWS, SHA256\r\n\"orders.csv\",20,\r\n", null)]
    [InlineData("rows,sent_at,file,sha256\n20,2025-07-02,orders.csv," + Sha, Sha)]
    public void A_control_file_states_rows_and_perhaps_a_hash(string text, string? sha256) =>
        ControlFile.Parse(Sums, text)["orders.csv"].ShouldBe(new StatedContent("SHA256SUMS", sha256, Rows: 20));

    [Theory]
    [InlineData("", "its first line is not the header file,rows or file,rows,sha256")]
    [InlineData("orders.csv,20\n", "its first line is not the header file,rows or file,rows,sha256")]
    [InlineData("file,rows\norders.csv\n", "line 2 is not a file, a number of rows and a SHA-256 hash")]
    [InlineData("file,rows\n\norders.csv,-1\n", "line 3 is not a file, a number of rows and a SHA-256 hash")]
    [InlineData("file,rows,sha256\na,1,ff\n", "line 2 is not a file, a number of rows and a SHA-256 hash")]
    [InlineData("file,rows\na,1\na,1\n", "line 3 lists a again")]
    public void A_wrong_control_file_is_an_error_that_names_the_line(string text, string why) =>
        Should
            .Throw<EtlException>(() => ControlFile.Parse(Sums, text))
            .Error.Message.ShouldContain($"cannot be used to verify the delivery: {why}.");
}
