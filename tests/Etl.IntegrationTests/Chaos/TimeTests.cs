using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Wrong clocks, and days without a midnight or with two.</summary>
public sealed class TimeTests(PostgresServer server)
{
    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public async Task A_host_whose_clock_is_wrong_by_days_runs_each_day_once(int days)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var right = new Hosted(place);
        var clock = new ManualClock { Offset = TimeSpan.FromDays(days) };
        await using var wrong = new Hosted(place, change: s => s.AddSingleton<TimeProvider>(clock));

        (await right.RunAsync("2025-06-29")).Status.ShouldBe(SummaryStatus.Succeeded);
        (await wrong.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        (await wrong.RunAsync("2025-06-29")).Status.ShouldBe(SummaryStatus.AlreadyDone);
        (await right.RunAsync()).Status.ShouldBe(SummaryStatus.AlreadyDone);

        (
            await place.RowsAsync("(select run_id, published_at - started_at < interval '1 day' from etl.runs)")
        ).ShouldBe(["(20250629-001,t)", "(20250630-001,t)"]);
        (await place.RowsAsync("(select distinct run_id from staging.orders)")).ShouldBe(["(20250630-001)"]);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_during_a_run_changes_nothing()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var clock = new ManualClock();
        await using var host = new Hosted(
            place,
            change: s => s.AddSingleton<TimeProvider>(clock),
            settings: ("Run:LeaseSeconds", "2")
        );
        RunSummary summary;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            var running = Task.Run(() => host.RunAsync());
            await brake.ReachedAsync();
            clock.Offset = TimeSpan.FromHours(-3);
            await brake.DisposeAsync();
            summary = await running;
        }

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Duration.ShouldBeGreaterThan(TimeSpan.Zero);
        await place.ShouldHoldTheDayAsync(server);
    }

    [Theory]
    [InlineData("America/Sao_Paulo")] // no midnight on 2018-11-04
    [InlineData("Africa/Cairo")]
    [InlineData("Pacific/Apia")] // no 2011-12-30 at all
    public async Task The_time_zones_of_database_and_schedule_do_not_change_a_byte(string zone)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await place.AlterDatabaseAsync($"set timezone = '{zone}'");
        await using var host = new Hosted(place, settings: ("Schedule:TimeZone", zone));
        (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        await place.ShouldHoldTheDayAsync(server);
    }

    [Theory]
    [InlineData("America/Sao_Paulo", 2018, 365)]
    [InlineData("Africa/Cairo", 2024, 366)]
    [InlineData("America/Havana", 2023, 365)]
    [InlineData("Asia/Beirut", 2023, 365)]
    [InlineData("Pacific/Apia", 2011, 364)] // it has no 30 December
    [InlineData("Europe/Berlin", 2026, 365)]
    public void Every_day_of_a_time_zone_is_one_continuous_span(string zone, int year, int days)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var stretches = new List<DateOnly>();
        var end = new DateTimeOffset(year + 1, 1, 2, 0, 0, 0, TimeSpan.Zero);
        for (var at = new DateTimeOffset(year - 1, 12, 30, 0, 0, 0, TimeSpan.Zero); at < end; at = at.AddMinutes(15))
        {
            var day = BusinessDate.At(at, clock).Value;
            if (day.Year == year && (stretches.Count == 0 || stretches[^1] != day))
            {
                stretches.Add(day);
            }
        }

        stretches.ShouldBe(stretches.Distinct().Order());
        stretches.Count.ShouldBe(days);
    }
}
