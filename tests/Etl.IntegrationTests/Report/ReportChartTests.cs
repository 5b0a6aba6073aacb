using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>Compares the charts in a browser with the database.</summary>
public sealed class ReportChartTests(ReportedShop shop, BrowserFixture browser)
    : IClassFixture<ReportedShop>,
        IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Bars_of_orders_per_day_match_the_database()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var drawn = await BarsAsync(shown, "daily-orders");
        var days = await shop.Place.RowsAsync(
            "(select order_date || '=' || orders from analytics.daily_orders where order_date > date '2025-06-30' - 366)"
        );

        drawn
            .Where(b => b.Value > 0.01)
            .Select(b => $"{b.Key}={Math.Round(b.Value)}")
            .Order()
            .ShouldBe(days.Select(d => d.Trim('(', ')')));
        drawn.ShouldAllBe(b => Math.Abs(b.Value - Math.Round(b.Value)) < 0.05);
        drawn.Select(b => b.Key).ShouldBe(drawn.Select(b => b.Key).Order());
    }

    [Fact]
    public async Task Only_public_holidays_are_marked()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var marked = await shown.ListAsync<string>(
            "[...document.querySelectorAll('#daily-orders .marked circle')].map(c => c.parentNode.querySelector('rect').dataset.key)"
        );
        var holidays = await shop.Place.RowsAsync(
            "(select order_date::text from analytics.daily_orders where is_public_holiday and order_date > date '2025-06-30' - 366)"
        );

        holidays.ShouldNotBeEmpty();
        marked.Order().ShouldBe(holidays.Select(h => h.Trim('(', ')')));
    }

    [Fact]
    public async Task Bars_of_revenue_match_the_database()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var drawn = await BarsAsync(shown, "revenue");
        var months = await shop.Place.RowsAsync(
            "(select to_char(order_date, 'YYYY-MM') || '=' || sum(revenue) from analytics.daily_orders group by to_char(order_date, 'YYYY-MM'))"
        );
        var top = drawn.Max(b => b.Value);

        drawn.Count.ShouldBe(months.Count);
        foreach (var (bar, month) in drawn.Zip(months.Select(m => m.Trim('(', ')').Split('='))))
        {
            bar.Key.ShouldBe(month[0]);
            bar.Value.ShouldBe(double.Parse(month[1], CultureInfo.InvariantCulture), top / 1000);
        }
    }

    [Fact]
    public async Task Bars_of_holiday_orders_match_the_twelve_columns()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var drawn = await BarsAsync(shown, "holiday-orders");
        var row = await shop.Place.QueryAsync<string>(
            "select string_agg(value, ' ' order by ordinality) from analytics.agg_public_holiday a, "
                + "jsonb_each_text(to_jsonb(a) - 'ingestion_date') with ordinality where ingestion_date = '2025-06-30'"
        );
        string[] names = ["apr", "aug", "dec", "feb", "jan", "jul", "jun", "mar", "may", "nov", "oct", "sep"];
        var byName = drawn.ToDictionary(b => b.Key.ToLowerInvariant(), b => Math.Round(b.Value));

        string.Join(' ', names.Select(n => byName[n])).ShouldBe(row);
    }

    [Fact]
    public async Task The_values_of_each_chart_are_also_in_a_table()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        foreach (var chart in new[] { "daily-orders", "revenue", "holiday-orders" })
        {
            var drawn = await BarsAsync(shown, chart);
            var listed = await shown.ListAsync<string>(
                $"[...document.querySelectorAll('#{chart} tbody tr')].map(r => r.cells[0].textContent + '=' + r.cells[1].textContent.replaceAll(',', ''))"
            );
            listed.Count.ShouldBe(drawn.Count);
            foreach (var (bar, text) in drawn.Zip(listed.Select(t => t.Split('='))))
            {
                bar.Key.ShouldBe(text[0]);
                bar.Value.ShouldBe(double.Parse(text[1], CultureInfo.InvariantCulture), drawn.Max(b => b.Value) / 1000);
            }
        }
    }

    [Fact]
    public async Task Shipments_match_the_database_and_their_segments_fill_the_bar()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var cells = await shown.ListAsync<string>(
            "[...document.querySelectorAll('#shipments tbody tr')].flatMap(r => [...r.cells].slice(4).map((c, i) => "
                + "r.querySelector('svg').dataset.state + '/' + document.querySelectorAll('#shipments thead th')[i + 4].textContent + '=' + c.textContent.replaceAll(',', '')))"
        );
        var groups = await shop.Place.RowsAsync(
            "(select replace(status, '_', ' ') || '/' || age || '=' || shipments from analytics.shipment_status)"
        );
        var widths = await shown.ListAsync<double>(
            "[...document.querySelectorAll('#shipments svg')].map(s => [...s.querySelectorAll('rect')].reduce((w, r) => "
                + "w + r.getBoundingClientRect().width, 0) / s.getBoundingClientRect().width)"
        );

        cells
            .Where(c => !c.EndsWith("=0", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ShouldBe(groups.Select(Unquoted).Order(StringComparer.Ordinal));
        widths.ShouldAllBe(w => Math.Abs(w - 1) < 0.01);
    }

    [Fact]
    public async Task The_ranking_matches_the_database_and_hostile_names_are_escaped()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var rows = await shown.ListAsync<string>(
            "[...document.querySelectorAll('#products tbody tr')].map(r => r.cells[1].textContent + '=' + r.cells[2].textContent.replaceAll(',', ''))"
        );
        var products = await shop.Place.QueryAsync<string[]>(
            "select array_agg(product_name || '=' || review_points order by review_points desc, reviews desc, product_id) "
                + "from (select * from analytics.product_performance order by review_points desc, reviews desc, product_id limit 10) p"
        );

        rows.ShouldBe(products);
        rows.ShouldAllBe(r => r.StartsWith(ReportedShop.HostileName, StringComparison.Ordinal));
        (await shown.Page.Locator("script").CountAsync()).ShouldBe(0);
        shown.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Headline_figures_match_the_database_with_their_change_since_the_last_published_run()
    {
        await using var shown = await browser.ShowAsync(shop.Page);
        var cards = (
            await shown.ListAsync<string>(
                "[...document.querySelectorAll('.card')].map(c => [...c.querySelectorAll('p')].map(p => p.textContent.trim().replace(/\\s+/g, ' ')).join('|'))"
            )
        ).ToDictionary(c => c.Split('|')[0]);
        var late = await shop.Place.QueryAsync<int[]>(
            "select array_agg(tt_late_shipments order by ingestion_date) from analytics.agg_shipments"
        );
        var orders = await shop.Place.QueryAsync<long>("select count(*) from staging.orders");
        var before = await shop.Place.QueryAsync<long>(
            "select loaded from etl.run_files where run_id = '20250628-001' and dataset = 'orders'"
        );

        cards["Orders"].ShouldStartWith($"Orders|{Count(orders)}|▲ +{Count(orders - before)} since 20250628-001|");
        cards["Late shipments"].ShouldStartWith($"Late shipments|{Count(late[^1])}|");
        cards["Late shipments"].ShouldContain(Signed(late[^1] - late[^2]) + " since 2025-06-28");
        cards["Best performing product"].ShouldContain(ReportedShop.HostileName);
    }

    [Fact]
    public async Task The_page_of_a_failed_run_has_the_next_step_and_names_the_published_run()
    {
        await using var shown = await browser.ShowAsync(shop.FailedPage);
        var head = await shown.Page.Locator("header").InnerTextAsync();

        head.ShouldContain("Run failed");
        head.ShouldContain("more than the limit");
        head.ShouldContain("Nothing was published. Correct the file");
        head.ShouldContain("snapshot of run 20250628-001");
        (await File.ReadAllBytesAsync(shop.Latest)).ShouldBe(await File.ReadAllBytesAsync(shop.Page));
    }

    /// <summary>A bar's value, from its height on the screen and the scale's largest tick label.</summary>
    private static async Task<List<(string Key, double Value)>> BarsAsync(Shown shown, string chart)
    {
        var found = await shown.ListAsync<string>(
            $$"""
            (() => {
              const ticks = [...document.querySelectorAll('#{{chart}} .scale text')];
              const number = t => parseFloat(t.textContent.replaceAll(',', '')) * (t.textContent.endsWith('k') ? 1e3 : t.textContent.endsWith('M') ? 1e6 : 1);
              const lines = [...document.querySelectorAll('#{{chart}} .grid')].map(l => l.getBoundingClientRect().y);
              const scale = number(ticks.at(-1)) / (Math.max(...lines) - Math.min(...lines));
              return [...document.querySelectorAll('#{{chart}} .bar rect')].map(r => r.dataset.key + '=' + r.getBoundingClientRect().height * scale);
            })()
            """
        );
        return found.ConvertAll(f => (f.Split('=')[0], double.Parse(f.Split('=')[1], CultureInfo.InvariantCulture)));
    }

    private static string Unquoted(string row) => row.Trim('(', ')').Trim('"');

    private static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Signed(int change) =>
        change == 0 ? "no change" : (change > 0 ? "▲ +" : "▼ −") + Count(Math.Abs(change));
}
