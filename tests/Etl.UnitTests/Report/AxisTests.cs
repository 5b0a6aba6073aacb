using Etl.Infrastructure.Report.Charts;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Report;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 1, 2)]
    [InlineData(4, 4, 5)]
    [InlineData(5, 6, 4)]
    [InlineData(18, 20, 5)]
    [InlineData(38, 40, 5)]
    [InlineData(41, 60, 4)]
    [InlineData(999, 1000, 3)]
    [InlineData(1000001, 1500000, 4)]
    public void A_scale_ends_at_a_round_number_at_or_above_the_largest_value(int largest, int top, int ticks)
    {
        var axis = Axis.Of(largest);

        axis.Top.ShouldBe(top);
        axis.Ticks.Count.ShouldBe(ticks);
        (axis.Ticks[0], axis.Ticks[^1]).ShouldBe((0, top));
    }

    [Fact]
    public void Every_scale_covers_its_largest_value_in_a_few_equal_steps()
    {
        var numbers = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var largest = (decimal)Math.Exp(numbers.NextDouble() * 30);
            var axis = Axis.Of(largest);

            axis.Top.ShouldBeGreaterThanOrEqualTo(largest);
            axis.Ticks.Count.ShouldBeInRange(2, 6);
            axis.Ticks.Zip(axis.Ticks.Skip(1), (a, b) => b - a).Distinct().ShouldHaveSingleItem();
        }
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(5, 0.5)]
    [InlineData(50, 1)]
    public void A_value_outside_the_scale_is_clamped(int value, double part) =>
        new Axis(10, [0, 10]).Part(value).ShouldBe(part);
}
