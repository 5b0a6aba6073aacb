using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Orders;
using Etl.Domain.Quality;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class RowTests
{
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(1999, "19.99")]
    [InlineData(Money.MaxCents, "999999999999.99")]
    public void Money_is_written_with_a_point_and_two_places(long cents, string text) =>
        new Money(cents).ToString().ShouldBe(text);

    [Theory]
    [InlineData("total_price", 0)]
    [InlineData(" Amount ", 0)]
    [InlineData("amounts")]
    [InlineData("Total Price", 0)]
    [InlineData("totalPrice", 0)]
    [InlineData("TOTAL-PRICE,id", 0)]
    [InlineData("Total Price,total_price", 1)]
    [InlineData("Total Price,totalPrice", 0, 1)]
    [InlineData("total_price,amount", 0, 1)]
    public void A_column_is_found_by_name_and_alias_exactly_before_tolerantly(string header, params int[] places) =>
        Order
            .Dataset.Find(Order.Dataset.Columns.Single(c => c.Name == "total_price"), header.Split(','))
            .ShouldBe(places);

    [Fact]
    public void Orders_and_shipments_have_a_key_and_reviews_have_none() =>
        DatasetCatalog.BuiltIn.All.Select(d => string.Join(' ', d.Key)).ShouldBe(["order_id", "", "shipment_id"]);

    [Theory]
    [InlineData(10, 9, 1, true)]
    [InlineData(10, 8, 1, false)]
    [InlineData(10, 10, 1, false)]
    public void Row_counts_reconcile_when_read_equals_loaded_plus_rejected(
        long read,
        long loaded,
        long rejected,
        bool reconciled
    ) => new RowCounts(read, loaded, rejected).IsReconciled.ShouldBe(reconciled);

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
}
