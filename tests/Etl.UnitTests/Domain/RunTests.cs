using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class RunTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_run_id_is_read_back_as_it_was_written()
    {
        var id = new RunId(BusinessDate.Parse("2026-03-01"), 7);
        id.ToString().ShouldBe("20260301-007");
        id.Schema.ShouldBe("run_20260301_007");
        RunId.Parse("20260301-007").ShouldBe(id);
    }

    [Fact]
    public void A_day_can_have_more_than_999_runs()
    {
        var id = RunId.Parse("20260301-1000");
        (id.Number, id.ToString(), id.Schema).ShouldBe((1000, "20260301-1000", "run_20260301_1000"));
    }

    [Fact]
    public void No_run_has_the_number_0()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new RunId(BusinessDate.Parse("2026-03-01"), 0));
        default(RunId).Number.ShouldBe(1);
    }

    [Theory]
    [InlineData("20260231-001")]
    [InlineData("20260301-0007")]
    [InlineData("20260301-000")]
    [InlineData("20260301-1")]
    [InlineData("20260301-0100")]
    [InlineData("20260301-9999999999")]
    [InlineData("x20260301-001")]
    [InlineData("")]
    [InlineData(null)]
    public void A_text_without_a_valid_day_and_number_is_not_a_run_id(string? text) =>
        RunId.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("2026-03-28T23:30:00Z", "2026-03-29")]
    [InlineData("2026-03-29T22:30:00Z", "2026-03-30")]
    [InlineData("2026-10-24T21:30:00Z", "2026-10-24")]
    [InlineData("2026-10-25T22:59:00Z", "2026-10-25")]
    public void The_business_date_is_the_day_in_the_zone_on_both_sides_of_a_change_of_clocks(string moment, string day)
    {
        var at = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);
        BusinessDate.At(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString().ShouldBe(day);
    }

    [Theory]
    [InlineData("2026-3-1")]
    [InlineData("01.03.2026")]
    [InlineData("2026-02-30")]
    public void A_business_date_is_written_in_one_way_only(string text) =>
        BusinessDate.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_run_moves_only_forward()
    {
        var allowed =
            from f in Enum.GetValues<RunStatus>()
            from t in Enum.GetValues<RunStatus>()
            where RunTransitions.CanMove(f, t)
            select (f, t);
        allowed.ShouldBe(
            [
                (RunStatus.Running, RunStatus.Succeeded),
                (RunStatus.Running, RunStatus.Failed),
                (RunStatus.Running, RunStatus.TimedOut),
                (RunStatus.Running, RunStatus.Cancelled),
                (RunStatus.Succeeded, RunStatus.Superseded),
                (RunStatus.Succeeded, RunStatus.RolledBack),
                (RunStatus.Superseded, RunStatus.RolledBack),
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public void A_published_run_is_unfinished_until_export_and_message_are_done()
    {
        var run = NewRun();
        run.IsUnfinished.ShouldBeFalse();
        run.Publish(Noon);
        run.IsUnfinished.ShouldBeTrue();
        run.Finish(Noon);
        run.IsUnfinished.ShouldBeFalse();
    }

    [Fact]
    public void A_take_over_keeps_the_run_and_counts_an_attempt()
    {
        var run = NewRun();
        run.Lease("one", Noon);
        run.TakeOver("two", Noon, new DateOnly(2026, 2, 28));
        (run.RunId, run.LeaseOwner, run.Attempts).ShouldBe(("20260301-001", "two", 2));
        run.AsOf.ShouldBe(new DateOnly(2026, 2, 28));
    }

    [Fact]
    public void A_run_that_has_failed_can_not_be_published()
    {
        var run = NewRun();
        run.End(RunStatus.Failed, "code", "what", "next", Noon);
        Should.Throw<InvalidOperationException>(() => run.Publish(Noon));
        run.FinishedAt.ShouldBe(Noon);
    }

    private static Run NewRun() =>
        new(RunId.Parse("20260301-001"), new DateOnly(2026, 3, 1), Trigger.Manual, forced: false, Noon);
}
