using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class FilePatternTests
{
    private static readonly BusinessDate Day = BusinessDate.Parse("2025-07-01");

    [Theory]
    [InlineData("orders_*.csv", "orders_.csv", true)]
    [InlineData("orders_*.csv", "orders_1.csv.gz", true)]
    [InlineData("orders_*.csv", "orders_1.csv.bak", false)]
    [InlineData("orders_*.csv", "Orders_1.csv", false)]
    [InlineData("orders_{date:yyyyMMdd}T*Z.csv", "orders_20250701T0400Z.csv", true)]
    [InlineData("*.csv", ".orders.csv", false)]
    [InlineData("a?*.csv", "ab.csv", false)]
    [InlineData("a?*.csv", "a?b.csv", true)]
    [InlineData("*_*.csv", "a_b_c.csv.zst", true)]
    [InlineData("a*b*b.csv", "ab.csv", false)]
    [InlineData("a*ab*.csv", "aab.csv", true)]
    [InlineData("orders.csv", "orders.csv.GZ", false)]
    [InlineData("[a].csv", "a.csv", false)]
    public void A_wildcard_stands_for_any_characters(string setting, string name, bool matches) =>
        FilePattern.Of(setting, Day).Matcher()(name).ShouldBe(matches);

    [Fact]
    public void Many_wildcards_need_no_search_of_all_combinations()
    {
        var pattern = FilePattern.Of(string.Concat(Enumerable.Repeat("*a", 40)) + "*.csv", Day);
        pattern.Matcher()(new string('a', 1000)).ShouldBeFalse();
        pattern.Matcher()(new string('a', 1000) + ".csv").ShouldBeTrue();
    }

    [Fact]
    public void An_exact_name_stands_for_its_compressed_forms_too()
    {
        FilePattern
            .Of("{date:yyyy/MM}/orders.csv", Day)
            .Paths.ShouldBe([
                "2025/07/orders.csv",
                "2025/07/orders.csv.gz",
                "2025/07/orders.csv.zst",
                "2025/07/orders.csv.zip",
            ]);
        FilePattern.Of("orders.csv.GZ", Day).Paths.ShouldBe(["orders.csv.GZ"]);
    }

    [Theory]
    [InlineData("orders_{date:HH}.csv", "has {date:HH}, which is not a date")]
    [InlineData("", "is not the name of a file")]
    [InlineData("in/", "is not the name of a file")]
    [InlineData("/orders.csv", "is not the name of a file")]
    [InlineData("../orders.csv", "is not the name of a file")]
    [InlineData("in//orders.csv", "is not the name of a file")]
    [InlineData("*/orders.csv", "has * in the name of a folder")]
    [InlineData("in\\orders.csv", "has a character")]
    public void A_setting_that_names_no_file_below_the_source_is_refused(string setting, string error) =>
        FilePattern.FindError(setting).ShouldNotBeNull().ShouldStartWith(error);

    [Theory]
    [InlineData("orders.csv")]
    [InlineData("{date:yyyy/MM}/orders_*.csv")]
    [InlineData("Bestellungen {2025}.csv")]
    public void A_setting_that_names_a_file_is_accepted(string setting) =>
        FilePattern.FindError(setting).ShouldBeNull();
}
