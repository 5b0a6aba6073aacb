using System.Globalization;
using System.Security.Cryptography;
using Etl.Hosts.Console.Samples;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Samples;

public sealed class SampleBytesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("etl-sample-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("orders.csv", "21f2ee6921f1b8a2fd7d03086858f463ef51749645d4a1ff00f5e166e09edca8")]
    [InlineData("reviews.csv", "41b4e6603f71806afe8825be8c476473d0ca182464148f4f3676ec6ffa6493da")]
    [InlineData("shipment_deliveries.csv", "cb37665b91e39070ea5d336420ecbd96e7c11c90288f44ef77911cae1645796d")]
    [InlineData("dim_products.csv", "a5e54e06dd9f7d94553b7c02a80c5dc92cef3d9a0856068c68e75118cca9550c")]
    public void Clean_files_have_the_recorded_bytes(string file, string sha256)
    {
        SampleWriter.Write(new SampleOptions(folder, Orders: 1000), CancellationToken.None);
        Sha256(file).ShouldBe(sha256);
    }

    [Theory]
    [InlineData("orders.csv", "1c7b03f65d90d87caf91ea9b7f37907778160fd7e5dfa972ba10cad16de3a26d")]
    [InlineData("reviews.csv", "0c10b322cf29a03529106f195d009954acbcb8a6d380e8de921c1c5ae90ebe30")]
    [InlineData("shipment_deliveries.csv", "86f43255a996a4f89eb2de69e06f1765160f98cb6457a891b85b654ed5fc211f")]
    [InlineData("planted.csv", "8dddea4d0b8cbeb63417bdd07040db68343c06599c7a4fc0dcbf2a170dc79904")]
    public void Dirty_files_have_the_recorded_bytes(string file, string sha256)
    {
        var options = new SampleOptions(folder, 1000, Seed: 7, DirtyPercent: 5, new DateOnly(2024, 2, 29));
        SampleWriter.Write(options, CancellationToken.None);
        Sha256(file).ShouldBe(sha256);
    }

    [Fact]
    public void No_culture_changes_a_byte()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            SampleWriter.Write(new SampleOptions(folder, Orders: 500), CancellationToken.None);
            var invariant = Sha256("orders.csv");
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "~";
            culture.DateTimeFormat.DateSeparator = "/";
            CultureInfo.CurrentCulture = culture;
            SampleWriter.Write(new SampleOptions(folder, Orders: 500), CancellationToken.None);
            Sha256("orders.csv").ShouldBe(invariant);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Another_seed_gives_other_rows()
    {
        SampleWriter.Write(new SampleOptions(folder, 500, Seed: 1), CancellationToken.None);
        var first = Sha256("orders.csv");
        SampleWriter.Write(new SampleOptions(folder, 500, Seed: 2), CancellationToken.None);
        Sha256("orders.csv").ShouldNotBe(first);
    }

    [Fact]
    public void A_clean_sample_deletes_the_list_of_an_earlier_dirty_one()
    {
        SampleWriter.Write(new SampleOptions(folder, 500, DirtyPercent: 2), CancellationToken.None);
        File.Exists(Path.Combine(folder, "planted.csv")).ShouldBeTrue();
        SampleWriter.Write(new SampleOptions(folder, 500), CancellationToken.None);
        File.Exists(Path.Combine(folder, "planted.csv")).ShouldBeFalse();
    }

    [Fact]
    public void Settings_that_text_ids_need_are_beside_the_files()
    {
        var options = new SampleOptions(folder, Orders: 10);
        var settings = Path.Combine(folder, "settings.env");

        SampleWriter.Write(options, Configured.TextIds, CancellationToken.None);
        File.ReadAllLines(settings)
            .ShouldBe(new[] { "ORDER", "PRODUCT", "CUSTOMER", "SHIPMENT" }.Select(i => $"export ETL__IDS__{i}='Text'"));

        SampleWriter.Write(options, CancellationToken.None);
        File.Exists(settings).ShouldBeFalse();
    }

    private string Sha256(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))));
}
