using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Orders;
using Etl.Domain.Quality;
using Etl.Domain.Shipments;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class RowTests
{
    private static readonly DateOnly Ordered = new(2026, 1, 10);

    [Theory]
    [InlineData("2026-01-16", null, true)]
    [InlineData("2026-01-15", null, false)]
    [InlineData("2026-01-16", "2026-01-30", false)]
    [InlineData(null, null, false)]
    public void A_shipment_is_late_from_the_sixth_day_while_it_has_not_arrived(
        string? sent,
        string? arrived,
        bool late
    ) => new Shipment(1, 1, Day(sent), Day(arrived)).IsLate(Ordered, afterDays: 6).ShouldBe(late);

    [Theory]
    [InlineData(null, null, "2026-01-25", true)]
    [InlineData(null, null, "2026-01-24", false)]
    [InlineData("2026-01-11", null, "2026-02-25", false)]
    [InlineData(null, "2026-01-11", "2026-02-25", false)]
    public void An_item_is_undelivered_from_the_fifteenth_day_with_neither_date(
        string? sent,
        string? arrived,
        string asOf,
        bool undelivered
    ) =>
        new Shipment(1, 1, Day(sent), Day(arrived))
            .IsUndelivered(Ordered, Day(asOf)!.Value, afterDays: 15)
            .ShouldBe(undelivered);

    [Theory]
    [InlineData(1999, 3, 5997, true)]
    [InlineData(1999, 3, 5000, false)]
    [InlineData(Money.MaxCents, int.MaxValue, 1, false)]
    public void A_total_agrees_when_it_is_price_times_quantity(long price, int quantity, long total, bool agrees) =>
        new Order(1, 1, Ordered, 1, new Money(price), quantity, new Money(total)).TotalAgrees.ShouldBe(agrees);

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(1999, "19.99")]
    [InlineData(Money.MaxCents, "999999999999.99")]
    public void Money_is_written_with_a_point_and_two_places(long cents, string text) =>
        new Money(cents).ToString().ShouldBe(text);

    [Fact]
    public void A_column_answers_to_its_alias_in_any_case()
    {
        var total = Order.Dataset.Columns.Single(c => c.Name == "total_price");
        total.IsNamed(" Amount ").ShouldBeTrue();
        total.IsNamed("total_price").ShouldBeTrue();
        total.IsNamed("amounts").ShouldBeFalse();
    }

    [Fact]
    public void Orders_and_shipments_have_a_key_and_reviews_have_none() =>
        DatasetCatalog.BuiltIn.All.Select(d => d.KeyIndex).ShouldBe([0, -1, 0]);

    [Theory]
    [InlineData(10, 9, 1, true)]
    [InlineData(10, 8, 1, false)]
    [InlineData(10, 10, 1, false)]
    public void Books_balance_when_nothing_is_lost_and_nothing_made_up(
        long read,
        long loaded,
        long rejected,
        bool balance
    ) => new RowCounts(read, loaded, rejected).IsReconciled.ShouldBe(balance);

    [Theory]
    [InlineData(100, 1, null, false)] // at the limit
    [InlineData(100, 2, null, true)]
    [InlineData(1000, 6, 5L, true)]
    [InlineData(1000, 5, 5L, false)]
    [InlineData(0, 0, null, false)]
    public void A_limit_is_exceeded_above_it_and_not_at_it(long read, long rejected, long? maxRows, bool exceeded) =>
        new RejectLimit(1, maxRows).IsExceededBy(new RowCounts(read, read - rejected, rejected)).ShouldBe(exceeded);

    [Fact]
    public void Every_reject_code_has_one_stable_text()
    {
        var codes = Enum.GetValues<RejectCode>().Where(c => c != RejectCode.None).ToList();
        codes.Select(c => c.Text()).Distinct().Count().ShouldBe(codes.Count);
        codes.ShouldAllBe(c => RejectCodes.Parse(c.Text()) == c);
    }

    private static DateOnly? Day(string? text) =>
        text is null ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
