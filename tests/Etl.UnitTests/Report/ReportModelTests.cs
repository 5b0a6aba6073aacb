using Etl.Domain.Runs;
using Etl.Infrastructure.Report;
using Shouldly;
using Xunit;
using static Etl.UnitTests.Report.Reported;

namespace Etl.UnitTests.Report;

/// <summary>The outcome of a page and the snapshot that it shows.</summary>
public sealed class ReportModelTests
{
    [Theory]
    [InlineData(RunStatus.Succeeded, 0, "succeeded", "good")]
    [InlineData(RunStatus.Succeeded, 3, "succeeded with rejected rows", "warn")]
    [InlineData(RunStatus.Superseded, 0, "succeeded, and was replaced by a later run of its day", "good")]
    [InlineData(RunStatus.Failed, 3, "failed", "bad")]
    [InlineData(RunStatus.TimedOut, 0, "timed out", "bad")]
    [InlineData(RunStatus.Cancelled, 0, "was cancelled", "bad")]
    [InlineData(RunStatus.Running, 0, "is in progress", "warn")]
    public void Every_status_has_a_text_and_a_color(RunStatus status, int rejected, string text, string kind) =>
        Page(Ago(0, rejected: rejected, status: status)).Outcome.ShouldBe((text, kind));

    [Fact]
    public void A_page_with_another_runs_snapshot_names_that_run()
    {
        var failed = Ago(0, status: RunStatus.Failed);

        Page(Ago(0)).SnapshotNote.ShouldBeNull();
        Page(failed).SnapshotNote.ShouldBe("No run has been published yet, so this page has no business figures.");
        Page(Ago(1), failed).SnapshotNote!.ShouldStartWith("This run published nothing. ");
        Page(Ago(1), failed).SnapshotNote!.ShouldContain("published snapshot of run 20260228-001.");
        var replaced = Data(Ago(0, status: RunStatus.Superseded)) with { Published = RunId.Parse("20260301-002") };
        new ReportModel(replaced, Noon, BesideExports: true).SnapshotNote!.ShouldStartWith(
            "Run 20260301-002 has been published since. "
        );
    }

    [Fact]
    public void Shipments_are_ordered_by_state_and_by_age()
    {
        var data = Data(Ago(0)) with
        {
            Shipments =
            [
                new("undelivered", "over 90 days", 5),
                new("in_transit", "31 to 90 days", 2),
                new("delivered", "unknown", 1),
                new("delivered", "0 to 30 days", 7),
                new("late", "over 90 days", 9),
            ],
        };

        var rows = new ReportModel(data, Noon, BesideExports: true).Shipments;

        rows.Select(r => $"{r.State}: {string.Join(' ', r.ByAge)}, {r.All}")
            .ShouldBe([
                "delivered: 7 0 0 1, 8",
                "in transit: 0 2 0 0, 2",
                "late: 0 0 9 0, 9",
                "undelivered: 0 0 5 0, 5",
            ]);
        rows[0].Segments.Select(s => s.Kind).ShouldBe([1, 4]);
        rows.ShouldAllBe(r => ReportModel.Meaning(r.State).Length > 0);
    }

    [Theory]
    [InlineData(9_999, "9,999")]
    [InlineData(12_340, "12.34 k")]
    [InlineData(4_560_000, "4.56 M")]
    [InlineData(-7_000_000_000, "-7 bn")]
    [InlineData(0, "0")]
    public void A_long_number_is_shortened_for_narrow_columns(long number, string text) =>
        Figures.Short(number).ShouldBe(text);

    [Theory]
    [InlineData(0.4, "0.40 s")]
    [InlineData(60, "1 min 0 s")]
    [InlineData(3599, "59 min 59 s")]
    [InlineData(90_061, "25 h 1 min")]
    public void A_duration_has_the_two_largest_units(double seconds, string text) =>
        Figures.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void A_share_of_zero_is_zero() => Figures.Share(5, 0).ShouldBe(0);
}
