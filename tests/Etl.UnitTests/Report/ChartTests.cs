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
    public void Bars_start_at_zero_and_do_not_overlap()
    {
        var (bars, ticks) = BarChart.Draw([Value("a", 10), Value("b", 5), Value("c", 0)], v => $"{v}");

        bars.Select(b => b.Height).ShouldBe([BarChart.Plot, BarChart.Plot / 2, 0]);
        bars.ShouldAllBe(b => Math.Abs(b.Y + b.Height - BarChart.Floor) < 0.001);
        bars.ShouldAllBe(b => b.X >= 0 && b.X + b.Width <= 100);
        bars.Zip(bars.Skip(1)).ShouldAllBe(p => p.First.X + p.First.Width < p.Second.X);
        (ticks[0].Y, ticks[^1].Y, ticks[^1].Label).ShouldBe((BarChart.Floor, BarChart.Head, "10"));
    }

    [Fact]
    public void A_chart_without_values_has_a_scale_and_no_bars()
    {
        OrderCharts.Daily([]).Bars.ShouldBeEmpty();
        OrderCharts.Revenue([]).Summary.ShouldContain("no month");
        BarChart.Draw([], v => $"{v}").Ticks.Count.ShouldBe(2);
    }

    [Fact]
    public void Days_without_orders_have_a_slot()
    {
        var chart = OrderCharts.Daily([Day("2026-02-27", 3), Day("2026-03-02", 4, holiday: true)]);

        chart.Bars.Select(b => b.Of.Key).ShouldBe(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
        chart.Bars.Select(b => b.Of.Value).ShouldBe([3, 0, 0, 4]);
        chart.Bars.Select(b => b.Of.Marked).ShouldBe([false, false, false, true]);
        chart.Summary.ShouldContain("7 orders, at most 4 a day. Public holidays: 2026-03-02.");
    }

    [Fact]
    public void Month_labels_do_not_overlap_and_a_phone_shows_fewer()
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
    public void A_sparkline_runs_from_left_to_right_with_the_largest_value_on_top()
    {
        Spark.Of([1]).ShouldBeNull();
        Spark.Of([3, 3, 3])!.Points.ShouldBe("0,14 50,14 100,14");
        var spark = Spark.Of([0, 10, 5])!;
        (spark.Points, spark.LastY).ShouldBe(("0,24 50,4 100,14", 14));
    }

    [Fact]
    public void Segments_fill_the_bar_and_keep_their_numbers()
    {
        Segment.Of([0, 0]).ShouldBeEmpty();
        var parts = Segment.Of([1, 0, 2]);

        parts.Select(p => p.Kind).ShouldBe([1, 3]);
        parts[0].X.ShouldBe(0);
        (parts[^1].X + parts[^1].Width).ShouldBe(100, 0.001);
        parts[0].Width.ShouldBe(33.333, 0.001);
    }

    [Fact]
    public void A_step_covers_the_time_it_ran_and_a_running_step_extends_to_the_end()
    {
        var bars = Timeline.Of(
            [Step(Etl.Domain.Runs.Step.Extract, 0, 1), Step(Etl.Domain.Runs.Step.Stage, 1, null)],
            Noon.AddSeconds(4)
        );

        bars.Select(b => (b.X, b.Width)).ShouldBe([(0, 25), (25, 75)]);
        Timeline.Of([], Noon).ShouldBeEmpty();
        Timeline.Of([Step(Etl.Domain.Runs.Step.Extract, 0, 0)], Noon).ShouldAllBe(b => b.X + b.Width <= 100);
    }

    [Fact]
    public void A_short_step_at_the_end_of_a_long_run_stays_visible_within_the_line()
    {
        var bars = Timeline.Of(
            [Step(Etl.Domain.Runs.Step.Stage, 0, 1000), Step(Etl.Domain.Runs.Step.Notify, 999, 1000)],
            Noon.AddSeconds(1000)
        );

        (bars[1].X, bars[1].Width).ShouldBe((99.4, 0.6));
    }

    private static StepRecord Step(Step step, int from, int? to) =>
        new(step, 1, Noon.AddSeconds(from), to is { } end ? Noon.AddSeconds(end) : null, null, null);

    private static BarValue Value(string key, decimal value) => new(key, value, $"{value}");

    private static OrderDay Day(string day, long orders, bool holiday = false) =>
        new(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), orders, orders * 2, holiday);
}
