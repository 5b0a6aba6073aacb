using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class GateTests : PipelineOnFakes
{
    [Fact]
    public async Task Missing_files_are_all_named_and_nothing_is_loaded()
    {
        Ports.Source.Remove("orders.csv");
        Ports.Source.Remove("reviews.csv");
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Failed, 3));
        summary.Error!.Message.ShouldContain("orders.csv");
        summary.Error.Message.ShouldContain("reviews.csv");
        Ports.Journal.ShouldNotContain("prepare");
        Ledger.Run.Status.ShouldBe(RunStatus.Failed);
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Failure);
    }

    [Fact]
    public async Task Row_counts_that_do_not_reconcile_fail_the_run_before_anything_is_computed()
    {
        Ports.Staged["orders"] = FakePorts.StagedOf("orders", new RowCounts(10, 9, 0));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.RowCountMismatch, 4));
        Ports.Journal.ShouldNotContain("build");
    }

    [Fact]
    public async Task Rejects_over_the_limit_fail_the_run_with_the_first_reasons()
    {
        Ports.Staged["orders"] = FakePorts.StagedOf("orders", new RowCounts(10, 9, 1));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.RejectLimit, 4));
        summary.Error.Message.ShouldContain("line 3: order_date 'x' is no day");
        summary.Error.NextStep.ShouldContain("Etl:Quality:MaxRejectedPercent");
    }

    [Fact]
    public async Task Where_every_row_is_rejected_a_higher_limit_is_no_advice()
    {
        Ports.Staged["orders"] = FakePorts.StagedOf("orders", new RowCounts(10, 0, 10));
        (await RunAsync()).Error!.NextStep.ShouldNotContain("MaxRejectedPercent");
    }

    [Fact]
    public async Task Two_files_of_one_dataset_are_refused_and_named()
    {
        Ports.Source["orders.csv.gz"] = FakePorts.FileOf("orders.csv.gz", 10);
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.SourceAmbiguous, 3));
        summary.Error.Message.ShouldBe("There are two orders files in /in: orders.csv and orders.csv.gz.");
    }

    [Fact]
    public async Task Rejects_within_the_limit_are_in_the_message()
    {
        Ports.Staged["orders"] = FakePorts.StagedOf("orders", new RowCounts(1000, 990, 10));
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldContain(w => w.Message.Contains("bad_date 10"));
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.SuccessWithRejects);
        Ports.Sent.Single().Body.ShouldContain("10 of 1,000 rejected");
    }

    [Fact]
    public async Task A_data_test_of_severity_error_stops_the_publish()
    {
        Ports.Tests.Add(new DataTestResult("sums_agree", Severity.Error, 2, "rows disagree"));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.DataTest, 4));
        Ports.Journal.ShouldNotContain("publish");
        Ports.Journal.Count(j => j == "clean up").ShouldBe(2);
    }

    [Fact]
    public async Task A_data_test_of_severity_warn_is_reported_and_published()
    {
        Ports.Tests.Add(new DataTestResult("discounts", Severity.Warn, 2, "totals differ"));
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldContain(new RunWarning(RunWarningKind.DataTest, "2 totals differ"));
    }

    [Fact]
    public async Task When_one_load_fails_the_others_are_stopped_and_its_error_is_reported()
    {
        Ports.Exceptions["load reviews"] = new EtlException(ErrorCode.SourceHeader, "no column", "correct it");
        var summary = await RunAsync();
        summary.Error!.Message.ShouldBe("no column");
    }

    [Fact]
    public async Task The_same_bytes_as_on_the_day_before_are_a_warning()
    {
        var before = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        Ledger.Previous = FakeLedger.HistoryOf(before, [new FileRecord("orders", "u", "v", "aa", 100, 10, 10, 0)]);
        var summary = await RunAsync();
        summary.Warnings.ShouldContain(w => w.Message.Contains("same bytes as in the run of 2026-02-28"));
    }

    [Fact]
    public async Task An_unusual_number_of_rows_is_a_warning()
    {
        var before = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        Ledger.Previous = FakeLedger.HistoryOf(before, [new FileRecord("orders", "u", "v", "cc", 100, 3, 3, 0)]);
        var summary = await RunAsync();
        summary.Warnings.ShouldContain(w => w.Message.Contains("has 10 rows; the previous run had 3 rows"));
    }

    [Theory]
    [InlineData(ArrivalPolicy.Fail)]
    [InlineData(ArrivalPolicy.Warn)]
    [InlineData(ArrivalPolicy.Allow)]
    public async Task An_unusual_number_of_rows_follows_its_own_policy(ArrivalPolicy policy)
    {
        (Quality.OnUnusualVolume, Quality.OnUnchanged) = (policy, OtherThan(policy));
        Ledger.Previous = DayBefore("cc", rows: 3);
        ShouldFollow(policy, await RunAsync(), ErrorCode.SourceVolume, "has 10 rows; the previous run had 3 rows");
    }

    [Theory]
    [InlineData(ArrivalPolicy.Fail)]
    [InlineData(ArrivalPolicy.Warn)]
    [InlineData(ArrivalPolicy.Allow)]
    public async Task The_same_bytes_follow_their_own_policy(ArrivalPolicy policy)
    {
        (Quality.OnUnchanged, Quality.OnUnusualVolume) = (policy, OtherThan(policy));
        Ledger.Previous = DayBefore("aa", rows: 10);
        ShouldFollow(policy, await RunAsync(), ErrorCode.SourceUnchanged, "same bytes as in the run of 2026-02-28");
    }

    [Theory]
    [InlineData(50, 20, false)]
    [InlineData(50, 21, true)]
    [InlineData(50, 6, true)]
    [InlineData(0, 10, false)]
    [InlineData(0, 11, true)]
    public async Task Rows_are_unusual_beyond_a_share_of_the_last_runs(int percent, int before, bool isUnusual)
    {
        (Quality.UnusualVolumePercent, Quality.OnShrunk) = (percent, ArrivalPolicy.Allow);
        Ledger.Previous = DayBefore("cc", before);
        var summary = await RunAsync();
        summary
            .Warnings.Any(w => w.Message.Contains("the previous run had", StringComparison.Ordinal))
            .ShouldBe(isUnusual);
    }

    [Fact]
    public async Task Missing_rows_are_reported_once_and_not_as_an_unusual_number_of_rows()
    {
        (Quality.OnShrunk, Quality.OnUnusualVolume) = (ArrivalPolicy.Warn, ArrivalPolicy.Fail);
        Ledger.Previous = DayBefore("cc", rows: 30);
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldHaveSingleItem().Message.ShouldContain("had 30: 20 rows are missing");
    }

    private static ArrivalPolicy OtherThan(ArrivalPolicy policy) =>
        policy == ArrivalPolicy.Allow ? ArrivalPolicy.Fail : ArrivalPolicy.Allow;

    private static RunHistory DayBefore(string sha256, long rows) =>
        FakeLedger.HistoryOf(
            new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default),
            [new FileRecord("orders", "u", "v", sha256, 100, rows, rows, 0)]
        );

    private static void ShouldFollow(ArrivalPolicy policy, RunSummary summary, ErrorCode code, string words)
    {
        summary.Status.ShouldBe(policy == ArrivalPolicy.Fail ? SummaryStatus.Failed : SummaryStatus.Succeeded);
        summary.Error?.Code.ShouldBe(code);
        (summary.Error?.Message.Contains(words, StringComparison.Ordinal) ?? false).ShouldBe(
            policy == ArrivalPolicy.Fail
        );
        summary
            .Warnings.Any(w => w.Message.Contains(words, StringComparison.Ordinal))
            .ShouldBe(policy == ArrivalPolicy.Warn);
    }
}
