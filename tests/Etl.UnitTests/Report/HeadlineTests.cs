using Etl.Domain.Runs;
using Etl.Infrastructure.Report;
using Shouldly;
using Xunit;
using static Etl.UnitTests.Report.Reported;

namespace Etl.UnitTests.Report;

/// <summary>Headline figures: their values, comparisons and ratings.</summary>
public sealed class HeadlineTests
{
    [Fact]
    public void Orders_are_compared_with_the_last_published_run_and_not_with_a_failed_one()
    {
        var orders = Of("Orders", Page(Ago(2, 1_900), Ago(1, 7, status: RunStatus.Failed), Ago(0, 2_000)));

        orders.Value.ShouldBe("2,000");
        orders.Change.ShouldBe(new Change("▲ +100", "since 20260227-001", "same"));
    }

    [Fact]
    public void A_run_that_published_nothing_shows_the_orders_of_the_published_run()
    {
        var page = Page(Ago(2, 1_900), Ago(1, 2_000), Ago(0, 7, status: RunStatus.Failed));

        Of("Orders", page).Value.ShouldBe("2,000");
        Of("Orders", page).Change!.Text.ShouldBe("▲ +100");
    }

    [Fact]
    public void The_first_run_has_no_change_and_no_trend()
    {
        var orders = Of("Orders", Page(Ago(0, 2_000)));

        (orders.Change, orders.Spark).ShouldBe((null, null));
    }

    [Fact]
    public void Before_the_first_publish_only_figures_of_the_run_itself_are_shown() =>
        Page(Ago(0, status: RunStatus.Failed)).Headlines.Select(h => h.Label).ShouldBe(["Rejected rows", "Run time"]);

    [Fact]
    public void More_rejected_rows_are_bad_and_fewer_are_good()
    {
        var more = Of("Rejected rows", Page(Ago(1, rejected: 3), Ago(0, rejected: 10)));
        var fewer = Of("Rejected rows", Page(Ago(1, rejected: 10), Ago(0, rejected: 3)));

        (more.Value, more.Note, more.Change!.Kind).ShouldBe(("10", "of 1,000 read", "bad"));
        (fewer.Change!.Text, fewer.Change.Kind).ShouldBe(("▼ −7", "good"));
    }

    [Theory]
    [InlineData(0, "no change", "same")]
    [InlineData(1234, "▲ +1,234", "good")]
    [InlineData(-1234, "▼ −1,234", "bad")]
    public void Growth_of_a_desired_figure_is_good(int difference, string text, string kind) =>
        Change.Of(difference, "since", Growth.Good).ShouldBe(new Change(text, "since", kind));

    [Fact]
    public void Revenue_covers_thirty_days_and_is_compared_with_the_thirty_days_before()
    {
        // 1 a day, but 100 on each window's first day and 10,000 on the day before both.
        var orders = Enumerable.Range(0, 61).Reverse().Select(ago => Sold(ago, ago is 29 or 59 ? 100 : 1)).ToList();
        orders[0] = Sold(60, 10_000);

        var revenue = Revenue(orders);

        revenue.Value.ShouldBe("129");
        revenue.Change.ShouldBe(new Change("no change", "from the 30 days before", "same"));
        revenue.Note.ShouldStartWith("until 2026-03-01");
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(58, false)]
    public void Revenue_is_compared_only_if_both_windows_are_complete(int first, bool compared) =>
        (Revenue([Sold(first, 50), Sold(0, 80)]).Change is not null).ShouldBe(compared);

    [Fact]
    public void Revenue_without_orders_is_zero() => Revenue([]).Value.ShouldBe("0.00");

    [Fact]
    public void Daily_figures_are_compared_with_the_previous_day_that_has_figures()
    {
        var best = new BestProduct("Blue <b>", new DateOnly(2025, 12, 25), OnPublicHoliday: true, 1_500);
        var data = Data(Ago(0)) with { Days = [Day(3, late: 8, 5), Day(0, late: 6, 5, best)] };
        var page = new ReportModel(data, Noon, BesideExports: true);

        Of("Late shipments", page).Change.ShouldBe(new Change("▼ −2", "since 2026-02-26", "good"));
        Of("Undelivered items", page).Change!.Text.ShouldBe("no change");
        Of("Orders on public holidays", page).Value.ShouldBe("7");
        Of("Best performing product", page).Value.ShouldBe("Blue <b>");
        Of("Best performing product", page)
            .Note.ShouldBe("1,500 review points; most ordered on 2025-12-25, a public holiday");
    }

    [Fact]
    public void A_missing_best_product_is_shown_as_none()
    {
        var page = new ReportModel(Data(Ago(0)) with { Days = [Day(0, 1)] }, Noon, BesideExports: true);

        Of("Best performing product", page).Value.ShouldBe("none");
    }

    [Fact]
    public void The_run_time_of_a_running_run_ends_with_the_page()
    {
        Of("Run time", Page(Ago(0))).Value.ShouldBe("10.00 s");
        Of("Run time", Page(Ago(0, ended: false))).Value.ShouldBe("5 min 0 s");
    }

    private static Headline Of(string label, ReportModel page) => page.Headlines.Single(h => h.Label == label);

    private static Headline Revenue(IReadOnlyList<OrderDay> orders) =>
        Of("Revenue, 30 days", new ReportModel(Data(Ago(0)) with { Orders = orders }, Noon, BesideExports: true));

    private static OrderDay Sold(int ago, decimal revenue) => new(Today.AddDays(-ago), 1, revenue, false);
}
