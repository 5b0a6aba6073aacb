using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Rollups;
using Etl.Infrastructure.Transform;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

public class RollupTests
{
    private const string Statement = """
        create table orders_by_day as
        select
          order_date, -- the day
          count(*) as orders,
          sum(total_price) as revenue,
          count(*) filter (where quantity = 3) as threes,
          count(*) filter (where total_price <> unit_price * quantity) as differing
        from orders
        group by order_date;
        """;

    private static readonly Dataset Orders = DatasetCatalog.BuiltIn.Named("orders");

    [Fact]
    public void A_statement_of_counts_and_sums_by_one_column_is_a_rollup()
    {
        var rollup = Rollup.Parse(Statement).ShouldNotBeNull();
        (rollup.Name, rollup.Dataset, rollup.Key).ShouldBe(("orders_by_day", "orders", "order_date"));
        rollup.Select.ShouldBe(
            "order_date, count(*) as orders, sum(total_price) as revenue, count(*) filter (where quantity = 3) as threes, "
                + "count(*) filter (where total_price <> unit_price * quantity) as differing"
        );
        RollupTally.Begin(rollup, Orders).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("count(*) as", "count(distinct product_id) as")]
    [InlineData("sum(total_price)", "avg(total_price)")]
    [InlineData("from orders", "from orders where quantity > 1")]
    [InlineData("group by order_date", "group by product_id")]
    [InlineData("quantity = 3", "quantity > 3")]
    public void A_statement_of_another_form_is_left_to_the_database(string old, string changed)
    {
        Rollup.Parse(Statement.Replace(old, changed, StringComparison.Ordinal)).ShouldBeNull();
        Should
            .Throw<EtlException>(() =>
                Intermediate.Parse(
                    "x.sql",
                    "-- A table.\n-- grain: a\n-- inputs: orders\n-- key: order_date\n-- rollup: orders\n-- safe twice: yes\n"
                        + Statement.Replace(old, changed, StringComparison.Ordinal)
                )
            )
            .Error.Message.ShouldStartWith("x.sql, line 5: the loader of orders cannot compute this statement");
    }

    [Theory]
    [InlineData("sum(total_price)", "sum(customer_id)")]
    [InlineData("quantity = 3", "total_price = 3")]
    [InlineData("total_price <> unit_price * quantity", "total_price <> quantity * quantity")]
    [InlineData("sum(total_price)", "sum(price)")]
    public void A_column_whose_sum_or_comparison_has_another_type_is_left_to_the_database(string old, string changed)
    {
        var rollup = Rollup.Parse(Statement.Replace(old, changed, StringComparison.Ordinal)).ShouldNotBeNull();
        RollupTally.Begin(rollup, Orders).ShouldBeNull();
    }

    [Fact]
    public void A_column_that_may_be_null_is_left_to_the_database()
    {
        var columns = Orders.Columns.Select(c => c.Name == "quantity" ? c with { Nullable = true } : c);
        RollupTally.Begin(Rollup.Parse(Statement)!, Orders.With([.. columns], Orders.Key)).ShouldBeNull();
    }

    [Fact]
    public void Sums_beyond_64_bits_void_a_rollup()
    {
        var tally = RollupTally.Begin(Rollup.Parse(Statement)!, Orders).ShouldNotBeNull();
        for (var i = 0; i < 92_233; i++)
        {
            tally.Add([i, 1, 738_000, 1, 1, 1, 99_999_999_999_999], []);
        }

        tally.IsVoid.ShouldBeFalse();
        tally.Add([0, 1, 738_000, 1, 1, 1, 99_999_999_999_999], []);
        tally.IsVoid.ShouldBeTrue();
        tally.Add([0, 1, 738_000, 1, 1, 1, 1], []);
        tally.IsVoid.ShouldBeTrue();
    }

    [Fact]
    public void More_groups_than_fit_into_the_memory_void_a_rollup()
    {
        var tally = RollupTally.Begin(Rollup.Parse(Statement)!, Orders, budgetBytes: 64 * 1024).ShouldNotBeNull();
        for (var day = 0; day < 500; day++)
        {
            tally.Add([1, 1, day, 1, 1, 1, 1], []);
        }

        tally.IsVoid.ShouldBeFalse();
        for (var day = 500; day < 1000; day++)
        {
            tally.Add([1, 1, day, 1, 1, 1, 1], []);
        }

        tally.IsVoid.ShouldBeTrue();
    }

    [Fact]
    public void Keys_are_numbered_in_the_order_in_which_they_appear()
    {
        var (index, random) = (new GroupIndex(1 << 24, 0), new Random(5));
        var keys = Enumerable.Range(0, 5000).Select(_ => new byte[random.Next(12)]).ToList();
        keys.ForEach(random.NextBytes);
        var distinct = new Dictionary<string, int>();
        foreach (var key in keys)
        {
            var expected = distinct.TryAdd(Convert.ToHexString(key), distinct.Count)
                ? distinct.Count - 1
                : distinct[Convert.ToHexString(key)];
            index.NumberOf(key).ShouldBe(expected);
            index[expected].ToArray().ShouldBe(key);
        }

        index.Count.ShouldBe(distinct.Count);
        index.Count.ShouldBeInRange(1000, 4999);
    }
}
