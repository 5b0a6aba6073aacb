using Etl.Infrastructure.FileSystem;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.FileSystem;

public class FolderUriTests
{
    [Theory]
    [InlineData("/data/in", "file:///data/in")]
    [InlineData(
        "/lake/business_date=2022-09-05/run=20220905-001",
        "file:///lake/business_date=2022-09-05/run=20220905-001"
    )]
    [InlineData("/a b/50%#?.csv", "file:///a%20b/50%25%23%3F.csv")]
    [InlineData("/Größe", "file:///Gr%C3%B6%C3%9Fe")]
    public void A_path_and_its_address_convert_into_each_other(string path, string address)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These are paths of Unix.");

        FolderUri.Of(path).ShouldBe(address);
        FolderUri.PathOf(address).ShouldBe(path);
        FolderUri.PathOf(path).ShouldBe(path);
    }

    [Fact]
    public void Every_path_survives_the_conversion_to_an_address_and_back()
    {
        var names = ArbMap.Default.ArbFor<NonEmptyString>().Generator.Select(n => n.Get.Replace('\0', '_'));
        var paths = names
            .Where(n => new System.Text.UTF8Encoding(false, true) is var utf8 && IsText(utf8, n))
            .Select(n => Path.GetFullPath(Path.Combine(Path.GetTempPath(), n)));

        Prop.ForAll(paths.ToArbitrary(), path => FolderUri.PathOf(FolderUri.Of(path)) == path)
            .QuickCheckThrowOnFailure();
    }

    private static bool IsText(System.Text.UTF8Encoding utf8, string name)
    {
        try
        {
            return utf8.GetByteCount(name) > 0;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return false;
        }
    }
}
