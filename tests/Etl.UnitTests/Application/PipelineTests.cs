using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Pipeline;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class PipelineTests
{
    private static readonly RunRequest Request = new(BusinessDate.Parse("2026-03-01"));
    private readonly FakePorts ports = new();
    private readonly FakeLedger ledger = new();
    private readonly TimeProvider clock = new ImpatientClock();
    private int retries;

    public PipelineTests() => ports.Published = _ => ledger.Run.Publish(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_run_extracts_stages_transforms_exports_and_notifies_in_this_order()
    {
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Succeeded, 0));
        ports
            .Journal.Where(e => e.EndsWith(" started", StringComparison.Ordinal))
            .ShouldBe(["Extract started", "Stage started", "Transform started", "Export started", "Notify started"]);
        ledger.Steps.ShouldAllBe(s => s.Succeeded == true && s.FinishedAt != null);
        ledger.Finished.ShouldBeTrue();
        ports.Sent.Single().Outcome.ShouldBe(Outcome.Success);
    }

    [Fact]
    public async Task The_manifest_is_written_after_the_tables_and_the_latest_after_both()
    {
        await RunAsync();

        var lake = ports
            .Journal.Where(e =>
                e.StartsWith("write", StringComparison.Ordinal) || e.StartsWith("copy", StringComparison.Ordinal)
            )
            .ToList();
        var manifest = lake.FindIndex(e =>
            e.StartsWith("write", StringComparison.Ordinal) && e.EndsWith("manifest.json", StringComparison.Ordinal)
        );
        lake.FindLastIndex(e => e.StartsWith("write", StringComparison.Ordinal)).ShouldBe(manifest);
        lake.FindIndex(e => e.StartsWith("copy", StringComparison.Ordinal)).ShouldBe(manifest + 1);
        lake[^1].ShouldBe("copy analytics_export/latest/manifest.json");
    }

    [Fact]
    public async Task A_day_that_is_done_is_left_alone()
    {
        ledger.Answers.Enqueue(RunDecision.AlreadyDone);
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.AlreadyDone, 0));
        ports.Journal.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_in_progress_is_left_alone_and_said()
    {
        ledger.Answers.Enqueue(RunDecision.InProgress);
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.InProgress, 7));
        ports.Journal.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_published_run_that_was_not_exported_is_only_exported_and_told()
    {
        ledger.Answers.Enqueue(RunDecision.FinishExport);
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        ports.Journal.ShouldNotContain("prepare");
        ports.Journal.ShouldContain("Export ended");
        ports.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_lake_that_still_fails_an_earlier_day_does_not_keep_this_day_from_its_readers()
    {
        ledger.Unfinished = new Run(
            RunId.Parse("20260228-001"),
            new DateOnly(2026, 2, 28),
            Trigger.Manual,
            false,
            default
        );
        ledger.Unfinished.Publish(default);
        ledger.Answers.Enqueue(RunDecision.FinishExport);
        ports.Faults["write analytics_export/business_date=2026-02-28/run=20260228-001/agg_public_holiday.csv"] =
            new EtlException(ErrorCode.LakeConflict, "taken by other bytes", "use another lake");

        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldContain("Run 20260228-001 still lacks its export: taken by other bytes");
        ledger.Asked.Select(a => a.FinishOthers).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Missing_files_are_all_named_and_nothing_is_loaded()
    {
        ports.Source.Remove("orders.csv");
        ports.Source.Remove("reviews.csv");
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Failed, 3));
        summary.Error!.Message.ShouldContain("orders.csv");
        summary.Error.Message.ShouldContain("reviews.csv");
        ports.Journal.ShouldNotContain("prepare");
        ledger.Run.Status.ShouldBe(RunStatus.Failed);
        ports.Sent.Single().Outcome.ShouldBe(Outcome.Failure);
    }

    [Fact]
    public async Task Books_out_of_balance_fail_the_run_before_anything_is_computed()
    {
        ports.Staged["orders"] = FakePorts.StagedOf("orders", new Books(10, 9, 0));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.BooksOutOfBalance, 4));
        ports.Journal.ShouldNotContain("build");
    }

    [Fact]
    public async Task Rejects_over_the_limit_fail_the_run_with_the_first_reasons()
    {
        ports.Staged["orders"] = FakePorts.StagedOf("orders", new Books(10, 9, 1));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.RejectLimit, 4));
        summary.Error.Message.ShouldContain("line 3: order_date 'x' is no day");
    }

    [Fact]
    public async Task Rejects_within_the_limit_are_said_in_the_message()
    {
        ports.Staged["orders"] = FakePorts.StagedOf("orders", new Books(1000, 990, 10));
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldContain(w => w.Contains("bad_date 10"));
        ports.Sent.Single().Outcome.ShouldBe(Outcome.SuccessWithRejects);
        ports.Sent.Single().Body.ShouldContain("rejected: 10 of 1,000");
    }

    [Fact]
    public async Task A_data_test_of_severity_error_stops_the_publish()
    {
        ports.Tests.Add(new DataTestResult("sums_agree", Severity.Error, 2, "rows disagree"));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.DataTest, 4));
        ports.Journal.ShouldNotContain("publish");
        ports.Journal.ShouldContain("drop");
    }

    [Fact]
    public async Task A_data_test_of_severity_warn_is_reported_and_published()
    {
        ports.Tests.Add(new DataTestResult("discounts", Severity.Warn, 2, "totals differ"));
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldContain("2 totals differ");
    }

    [Fact]
    public async Task When_one_load_fails_the_others_are_stopped_and_its_fault_is_told()
    {
        ports.Faults["load reviews"] = new EtlException(ErrorCode.SourceHeader, "no column", "mend it");
        var summary = await RunAsync();
        summary.Error!.Message.ShouldBe("no column");
    }

    [Fact]
    public async Task A_lake_that_fails_leaves_the_run_published_and_to_be_finished()
    {
        ports.Faults["write analytics_export/business_date=2026-03-01/run=20260301-001/agg_shipments.csv"] =
            new EtlException(ErrorCode.Lake, "lake is full", "make room", retryable: true);
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Failed, 6));
        ledger.Run.Status.ShouldBe(RunStatus.Succeeded);
        ledger.Finished.ShouldBeFalse();
        ports.Journal.ShouldNotContain("drop");
    }

    [Fact]
    public async Task A_notifier_that_is_down_does_not_spoil_a_good_run()
    {
        ports.Faults["send"] = new EtlException(ErrorCode.Notify, "no mail server", "later");
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Succeeded, 0));
        summary.Warnings.ShouldContain(w => w.Contains("no mail server"));
        ledger.Unsent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_ledger_that_can_not_be_reached_is_told_directly()
    {
        ledger.Unreachable = new EtlException(ErrorCode.DatabaseUnreachable, "no server", "start it", retryable: true);
        var summary = await RunAsync();
        (summary.RunId, summary.ExitCode).ShouldBe((null, 5));
        ports.Sent.Single().RunId.ShouldBeNull();
    }

    [Fact]
    public async Task A_fault_of_the_program_itself_has_a_sentence_and_no_exception_text()
    {
        ports.Faults["build"] = new InvalidOperationException("secret detail");
        var summary = await RunAsync();
        summary.ExitCode.ShouldBe(1);
        SummaryJson.Write(summary).ShouldNotContain("secret detail");
    }

    [Fact]
    public async Task A_stopped_run_is_recorded_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        ports.Faults["build"] = new OperationCanceledException();
        await stop.CancelAsync();
        var summary = await Pipeline().RunAsync(Request, stop.Token);
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Cancelled, 8));
        ledger.Run.Status.ShouldBe(RunStatus.Cancelled);
    }

    [Fact]
    public async Task A_success_after_a_failure_says_recovered()
    {
        var failed = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        failed.End(RunStatus.Failed, "c", "m", "n", default);
        ledger.LastEnded = FakeLedger.HistoryOf(failed, []);
        await RunAsync();
        ports.Sent.Single().Outcome.ShouldBe(Outcome.Recovered);
    }

    [Fact]
    public async Task The_same_bytes_as_the_day_before_are_said()
    {
        var before = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        ledger.Previous = FakeLedger.HistoryOf(before, [new FileRecord("orders", "u", "v", "aa", 100, 10, 10, 0)]);
        var summary = await RunAsync();
        summary.Warnings.ShouldContain(w => w.Contains("same bytes as in the run of 2026-02-28"));
    }

    [Fact]
    public async Task A_number_of_rows_far_off_the_last_runs_is_said()
    {
        var before = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        ledger.Previous = FakeLedger.HistoryOf(before, [new FileRecord("orders", "u", "v", "cc", 100, 30, 30, 0)]);
        var summary = await RunAsync();
        summary.Warnings.ShouldContain(w => w.Contains("has 10 rows where the last run had 30"));
    }

    [Fact]
    public async Task A_run_whose_deadline_is_near_stops_by_itself_and_tells()
    {
        var late = Request with { Deadline = clock.GetUtcNow().AddSeconds(25) };
        ports.Hang = "build";
        var summary = await Pipeline().RunAsync(late, CancellationToken.None);

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.TimedOut, 8));
        ledger.Run.Status.ShouldBe(RunStatus.TimedOut);
        ports.Sent.Single().Outcome.ShouldBe(Outcome.Failure);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_and_said()
    {
        retries = 2;
        ports.PassingFaults["load reviews"] = new Queue<Exception>([Passing, Passing]);
        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        ports.Journal.Count(e => e == "prepare").ShouldBe(3);
        ports.Journal.Count(e => e.StartsWith("warned connection lost", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_that_does_not_pass_fails_the_run_after_the_last_try()
    {
        retries = 2;
        ports.Faults["load reviews"] = Passing;
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Failed, 5));
        ports.Journal.Count(e => e == "prepare").ShouldBe(3);
    }

    [Fact]
    public async Task A_fault_that_people_must_mend_is_not_tried_again()
    {
        retries = 2;
        ports.Faults["load reviews"] = new EtlException(ErrorCode.SourceChanged, "changed", "wait", retryable: true);
        await RunAsync();
        ports.Journal.Count(e => e == "prepare").ShouldBe(1);
    }

    private static EtlException Passing =>
        new(ErrorCode.DatabaseUnreachable, "connection lost", "run again", retryable: true);

    [Fact]
    public async Task A_sum_that_differs_fails_the_run_although_the_rows_agree()
    {
        var price = Etl.Domain.Rows.Dataset.Named("orders").Columns.Single(c => c.Name == "unit_price");
        ports.Staged["orders"] = ports.Staged["orders"] with { Sums = [new ColumnSum(price, 12_345, 12_305)] };
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.BooksOutOfBalance, 4));
        summary.Error.Message.ShouldContain("unit_price adds up to 123.45 as read and to 123.05 in the table");
    }

    [Fact]
    public async Task A_replay_takes_the_published_rows_over_and_loads_the_mended_file()
    {
        var published = RunId.Parse("20260301-001");
        ports.PublishedRun = published;
        var replay = new ReplayRequest(published, new Dictionary<string, string> { ["orders"] = "m.csv" });
        var summary = await Pipeline().RunAsync(Request with { Force = true, Replay = replay }, CancellationToken.None);
        summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
        ports.Journal.ShouldContain("replay orders of 20260301-001 with m.csv");
        ports.Journal.ShouldContain("replay reviews of 20260301-001");
        ports.Journal.ShouldNotContain(e => e.StartsWith("find ", StringComparison.Ordinal));
        ledger.Files.Count(f => f is { Dataset: "orders", Part: FilePart.Base or FilePart.Mended }).ShouldBe(2);
    }

    [Fact]
    public async Task A_replay_that_another_publish_overtook_fails_before_anything_is_loaded()
    {
        ports.PublishedRun = RunId.Parse("20260302-001");
        var replay = new ReplayRequest(RunId.Parse("20260301-001"), new Dictionary<string, string>());
        var summary = await Pipeline().RunAsync(Request with { Force = true, Replay = replay }, CancellationToken.None);
        summary.ExitCode.ShouldBe(2);
        ports.Journal.ShouldNotContain("prepare");
    }

    private Task<RunSummary> RunAsync() => Pipeline().RunAsync(Request, CancellationToken.None);

    private EtlPipeline Pipeline() =>
        new ServiceCollection()
            .AddEtlApplication()
            .AddOptions()
            .Configure<RunOptions>(o => o.Retries = retries)
            .AddSingleton(clock)
            .AddSingleton<IRunLedger>(ledger)
            .AddSingleton<ISourceStore>(ports)
            .AddSingleton<IStagingLoader>(ports)
            .AddSingleton<IAnalyticsTransformer>(ports)
            .AddSingleton<IPublisher>(ports)
            .AddSingleton<IAnalyticsReader>(ports)
            .AddSingleton<IDataLake>(ports)
            .AddSingleton<INotifier>(ports)
            .AddSingleton<IRunObserver>(ports)
            .BuildServiceProvider()
            .GetRequiredService<EtlPipeline>();
}
