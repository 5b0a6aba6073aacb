using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Report;
using Etl.Infrastructure.Report.Charts;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Report;

public sealed class ChartTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Bars_stand_on_the_floor_side_by_side_within_the_width()
    {
        var (bars, ticks) = BarChart.Draw([Value("a", 10), Value("b", 5), Value("c", 0)], v => $"{v}");

        bars.Select(b => b.Height).ShouldBe([BarChart.Plot, BarChart.Plot / 2, 0]);
        bars.ShouldAllBe(b => Math.Abs(b.Y + b.Height - BarChart.Floor) < 0.001);
        bars.ShouldAllBe(b => b.X >= 0 && b.X + b.Width <= 100);
        bars.Zip(bars.Skip(1)).ShouldAllBe(p => p.First.X + p.First.Width < p.Second.X);
        (ticks[0].Y, ticks[^1].Y, ticks[^1].Label).ShouldBe((BarChart.Floor, BarChart.Head, "10"));
    }

    [Fact]
    public void A_chart_of_nothing_has_a_scale_and_no_bar()
    {
        OrderCharts.Daily([]).Bars.ShouldBeEmpty();
        OrderCharts.Revenue([]).Summary.ShouldContain("no month");
        BarChart.Draw([], v => $"{v}").Ticks.Count.ShouldBe(2);
    }

    [Fact]
    public void Days_without_an_order_have_their_place()
    {
        var chart = OrderCharts.Daily([Day("2026-02-27", 3), Day("2026-03-02", 4, holiday: true)]);

        chart.Bars.Select(b => b.Of.Key).ShouldBe(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
        chart.Bars.Select(b => b.Of.Value).ShouldBe([3, 0, 0, 4]);
        chart.Bars.Select(b => b.Of.Marked).ShouldBe([false, false, false, true]);
        chart.Summary.ShouldContain("7 orders, at most 4 a day. Public holidays: 2026-03-02.");
    }

    [Fact]
    public void Labels_of_months_keep_apart_and_off_the_right_edge_and_fewer_stand_on_a_phone()
    {
        var first = new DateOnly(2025, 3, 10);
        var chart = OrderCharts.Daily([
            .. Enumerable.Range(0, 366).Select(i => new OrderDay(first.AddDays(i), 1, 1, false)),
        ]);
        var all = chart.Labels.Select(l => l.X).ToList();
        var wide = chart.Labels.Where(l => !l.IsMinor).Select(l => l.X).ToList();

        all.Zip(all.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap >= 12);
        wide.Count.ShouldBeInRange(2, 3);
        wide.Zip(wide.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap >= 30);
        all[^1].ShouldBeLessThanOrEqualTo(88);
    }

    [Fact]
    public void A_spark_runs_from_left_to_right_with_the_largest_value_uppermost()
    {
        Spark.Of([1]).ShouldBeNull();
        Spark.Of([3, 3, 3])!.Points.ShouldBe("0,14 50,14 100,14");
        var spark = Spark.Of([0, 10, 5])!;
        (spark.Points, spark.LastY).ShouldBe(("0,24 50,4 100,14", 14));
    }

    [Fact]
    public void The_parts_of_a_whole_fill_it_and_keep_their_place()
    {
        Segment.Of([0, 0]).ShouldBeEmpty();
        var parts = Segment.Of([1, 0, 2]);

        parts.Select(p => p.Kind).ShouldBe([1, 3]);
        parts[0].X.ShouldBe(0);
        (parts[^1].X + parts[^1].Width).ShouldBe(100, 0.001);
        parts[0].Width.ShouldBe(33.333, 0.001);
    }

    [Fact]
    public void A_step_lies_where_it_was_at_work_and_one_that_has_not_ended_reaches_to_the_end()
    {
        var bars = Timeline.Of(
            [Step(Etl.Domain.Runs.Step.Extract, 0, 1), Step(Etl.Domain.Runs.Step.Stage, 1, null)],
            Noon.AddSeconds(4)
        );

        bars.Select(b => (b.X, b.Width)).ShouldBe([(0, 25), (25, 75)]);
        Timeline.Of([], Noon).ShouldBeEmpty();
        Timeline.Of([Step(Etl.Domain.Runs.Step.Extract, 0, 0)], Noon).ShouldAllBe(b => b.X + b.Width <= 100);
    }

    private static StepRecord Step(Step step, int from, int? to) =>
        new(step, 1, Noon.AddSeconds(from), to is { } end ? Noon.AddSeconds(end) : null, null, null);

    private static BarValue Value(string key, decimal value) => new(key, value, $"{value}");

    private static OrderDay Day(string day, long orders, bool holiday = false) =>
        new(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), orders, orders * 2, holiday);
}
