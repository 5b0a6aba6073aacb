using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class DatePlaceholderTests
{
    private static readonly BusinessDate Day = BusinessDate.Parse("2025-07-01");

    [Theory]
    [InlineData("orders_{date}.csv", "orders_2025-07-01.csv")]
    [InlineData("orders_{date:yyyyMMdd}.csv", "orders_20250701.csv")]
    [InlineData("{date:yyyy/MM}/orders-{date:d.M.yy}.csv", "2025/07/orders-1.7.25.csv")]
    [InlineData("{date:d}", "1")]
    [InlineData("{date:dMMMyyyy}", "1Jul2025")]
    [InlineData("orders.csv", "orders.csv")]
    public void A_placeholder_is_the_business_date_in_its_format(string text, string filled)
    {
        DatePlaceholders.FindWrong(text).ShouldBeNull();
        DatePlaceholders.Fill(text, Day).ShouldBe(filled);
        DatePlaceholders.IsIn(text).ShouldBe(text != filled);
    }

    [Theory]
    [InlineData("{Date}", "{Date}")]
    [InlineData("in/{date:HH}/x", "{date:HH}")]
    [InlineData("{date:yyyyMMdd", "{date:yyyyMMdd")]
    [InlineData("{date:yyy}", "{date:yyy}")]
    [InlineData("{date:}", "{date:}")]
    [InlineData("{date}_{date:'T'}", "{date:'T'}")]
    [InlineData("{date:dddd}", "{date:dddd}")]
    public void Another_text_that_begins_so_is_no_placeholder(string text, string wrong) =>
        DatePlaceholders.FindWrong(text).ShouldBe(wrong);

    [Theory]
    [InlineData("orders_20250701.csv", "orders_{date:yyyyMMdd}.csv")]
    [InlineData("2025-07-01-orders.csv", "{date}-orders.csv")]
    [InlineData("orders.2025_07_01.csv.gz", "orders.{date:yyyy_MM_dd}.csv.gz")]
    [InlineData("orders_120250701.csv", null)]
    [InlineData("orders_20251301.csv", null)]
    public void A_name_with_a_date_suggests_a_placeholder(string name, string? pattern) =>
        DatePlaceholders.Suggest(name).ShouldBe(pattern);

    [Theory]
    [InlineData("in/{date}", "in/2022-09-05", "2022-09-05")]
    [InlineData("in.{date:dd.MM.yyyy}", "in.05.09.2022", "2022-09-05")]
    [InlineData("in.{date:dd.MM.yyyy}", "inx05.09.2022", null)]
    [InlineData("{date:yyyy}/{date:MMM}/{date:d}", "2022/Sep/5", "2022-09-05")]
    [InlineData("{date:yyyy}/{date}", "2021/2022-09-05", null)]
    [InlineData("{date:yyyy/MM}", "2026/03", "2026-03-01")]
    [InlineData("{date:yyyy/MM}", "2026/02", null)]
    [InlineData("in", "in", "2026-03-01")]
    [InlineData("in", "out", null)]
    public void A_date_is_found_in_a_text_that_was_filled_with_it(string text, string filled, string? date) =>
        (DatePlaceholders.Find(text, filled, BusinessDate.Parse("2026-03-01"))?.ToString()).ShouldBe(date);
}
