using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class PipelineTests : PipelineOnFakes
{
    [Fact]
    public async Task A_run_extracts_stages_transforms_publishes_exports_and_notifies_in_this_order()
    {
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Succeeded, 0));
        Ports
            .Journal.Where(e => e.EndsWith(" started", StringComparison.Ordinal))
            .ShouldBe([
                "Extract started",
                "Stage started",
                "Transform started",
                "Publish started",
                "Export started",
                "Notify started",
            ]);
        Ledger.Steps.ShouldAllBe(s => s.Succeeded == true && s.FinishedAt != null);
        Ledger.Finished.ShouldBeTrue();
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Success);
        Ports.Journal.ShouldContain("notified Success by fake");
    }

    [Fact]
    public async Task The_manifest_is_written_after_the_tables_and_the_latest_after_both()
    {
        await RunAsync();

        var lake = Ports
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
        Ledger.Answers.Enqueue(RunDecision.AlreadyDone);
        Ledger.Files.AddRange(Ports.Staged.Values);
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.AlreadyDone, 0));
        summary.SourceChanged.ShouldBeFalse();
        Ports
            .Journal.Where(e => e.EndsWith(".csv", StringComparison.Ordinal))
            .ShouldBe(["find orders.csv", "find reviews.csv", "find shipment_deliveries.csv"]);
        Ports.Journal.ShouldAllBe(e => e.StartsWith("find ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_source_of_a_day_that_is_done_cannot_fail_a_start()
    {
        Ledger.Answers.Enqueue(RunDecision.AlreadyDone);
        Ports.Exceptions["find reviews.csv"] = new EtlException(ErrorCode.SourceUnreadable, "Denied.", "Permit it.");
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.AlreadyDone, 0));
        summary
            .Warnings.ShouldHaveSingleItem()
            .Message.ShouldBe("The source was not compared with run 20260301-001: Denied.");
    }

    [Fact]
    public async Task A_run_in_progress_is_left_alone_and_reported()
    {
        Ledger.Answers.Enqueue(RunDecision.InProgress);
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.InProgress, 7));
        Ports.Journal.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_published_run_that_was_not_exported_is_only_exported_and_notified()
    {
        Ledger.Answers.Enqueue(RunDecision.FinishExport);
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        Ports.Journal.ShouldNotContain("prepare");
        Ports.Journal.ShouldContain("Export ended");
        Ports.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_lake_that_still_fails_an_earlier_day_does_not_keep_this_day_from_its_readers()
    {
        Ledger.Unfinished = new Run(
            RunId.Parse("20260228-001"),
            new DateOnly(2026, 2, 28),
            Trigger.Manual,
            false,
            default
        );
        Ledger.Unfinished.Publish(default);
        Ledger.Answers.Enqueue(RunDecision.FinishExport);
        Ports.Exceptions["write analytics_export/business_date=2026-02-28/run=20260228-001/agg_public_holiday.csv"] =
            new EtlException(ErrorCode.LakeConflict, "taken by other bytes", "use another lake");

        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        summary.Warnings.ShouldContain(
            new RunWarning(
                RunWarningKind.UnfinishedExport,
                "Run 20260228-001 is published but not exported: taken by other bytes"
            )
        );
        Ledger.Asked.Select(a => a.FinishOthers).ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_lake_that_fails_leaves_the_run_published_and_to_be_finished()
    {
        Ports.Exceptions["write analytics_export/business_date=2026-03-01/run=20260301-001/agg_shipments.csv"] =
            new EtlException(ErrorCode.Lake, "lake is full", "make room", retryable: true);
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.ExportPending, 6));
        Ledger.Run.Status.ShouldBe(RunStatus.Succeeded);
        Ledger.Finished.ShouldBeFalse();
        Ports.Journal.Count(j => j == "clean up").ShouldBe(1);
    }

    [Fact]
    public async Task A_notifier_that_is_down_does_not_fail_a_run()
    {
        Ports.Exceptions["send"] = new EtlException(ErrorCode.Notify, "no mail server", "later");
        var summary = await RunAsync();
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Succeeded, 0));
        summary.Exception.ShouldBeNull();
        summary.Warnings.ShouldContain(w => w.Message.Contains("no mail server"));
        Ledger.Unsent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_ledger_the_message_is_sent_directly()
    {
        Ledger.Unreachable = new EtlException(ErrorCode.DatabaseUnreachable, "no server", "start it", retryable: true);
        var summary = await RunAsync();
        (summary.RunId, summary.ExitCode).ShouldBe((null, 5));
        Ports.Sent.Single().RunId.ShouldBeNull();
    }

    [Fact]
    public async Task An_error_of_the_program_itself_is_reported_without_the_exception_text()
    {
        var thrown = new InvalidOperationException("secret detail");
        Ports.Exceptions["build"] = thrown;
        var summary = await RunAsync();
        summary.ExitCode.ShouldBe(1);
        summary.Exception.ShouldBeSameAs(thrown, "for the log of the host");
        SummaryJson.Write(summary).ShouldNotContain("secret detail");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_exception_is_in_the_log_at_debug_level_only(bool started)
    {
        var thrown = new EtlException(
            ErrorCode.Database,
            "refused",
            "ask",
            cause: new InvalidOperationException("why")
        );
        if (started)
        {
            Ports.Exceptions["build"] = thrown;
        }
        else
        {
            Ledger.Unreachable = thrown;
        }

        await RunAsync();
        Logs.ErrorClassifier.ShouldBe([(LogLevel.Debug, thrown)]);
    }

    [Fact]
    public async Task A_stopped_run_is_recorded_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Ports.Exceptions["build"] = new OperationCanceledException();
        await stop.CancelAsync();
        var summary = await Pipeline().RunAsync(Request, stop.Token);
        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Cancelled, 8));
        Ledger.Run.Status.ShouldBe(RunStatus.Cancelled);
    }

    [Fact]
    public async Task A_success_after_a_failure_is_reported_as_recovered()
    {
        var failed = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        failed.End(RunStatus.Failed, "c", "m", "n", default);
        Ledger.LastEnded = FakeLedger.HistoryOf(failed, []);
        await RunAsync();
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Recovered);
    }

    [Fact]
    public async Task Next_start_sends_a_missing_notification_once()
    {
        var abandoned = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Manual, false, default);
        abandoned.End(RunStatus.Failed, "lease_lost", "The host died.", "Run it again.", default);
        Ledger.Unnotified.Add(FakeLedger.HistoryOf(abandoned, []));
        await RunAsync();
        Ledger.Answers.Enqueue(RunDecision.AlreadyDone);
        await RunAsync();
        var sent = Ports.Sent.Single(m => m.RunId == abandoned.Id);
        (sent.Outcome, sent.Subject).ShouldBe((Outcome.Failure, "Etl 2026-02-28 failed: The host died."));
        sent.Body.ShouldContain("etl run --date 2026-02-28");
        Ports.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_reports_its_usage_and_a_ledger_that_cannot_record_it_fails_no_run()
    {
        Ledger.UsageError = new EtlException(ErrorCode.Database, "no more", "later");
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        Ledger.Used.Single().PeakMemoryBytes.ShouldBeGreaterThan(1_000_000);
        summary.Cost.ShouldBe(RunCost.Of(summary.Duration, new CostOptions()));
        Ports.Sent.Single().Body.ShouldContain(" USD on Lambda (");
    }

    [Fact]
    public async Task A_day_that_is_done_adds_no_usage_to_its_run()
    {
        Ledger.Answers.Enqueue(RunDecision.AlreadyDone);
        (await RunAsync()).Cost.ShouldBeNull();
        Ledger.Used.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sum_that_differs_fails_the_run_although_the_rows_agree()
    {
        var price = DatasetCatalog.BuiltIn.Named("orders").Columns.Single(c => c.Name == "unit_price");
        Ports.Staged["orders"] = Ports.Staged["orders"] with { Sums = [new ColumnSum("orders", price, 12_345)] };
        Ports.StoredSums.Add(new ColumnSum("orders", price, 12_305));
        var summary = await RunAsync();
        (summary.Error!.Code, summary.ExitCode).ShouldBe((ErrorCode.RowCountMismatch, 4));
        summary.Error.Message.ShouldContain("the sum of unit_price is 123.45 as read and 123.05 in the table");
    }

    [Fact]
    public async Task A_replay_copies_the_published_rows_and_loads_the_corrected_file()
    {
        var published = RunId.Parse("20260301-001");
        Ports.PublishedRun = published;
        var replay = new ReplayRequest(
            published,
            new Dictionary<string, IReadOnlyList<string>> { ["orders"] = ["m.csv"] }
        );
        var summary = await Pipeline().RunAsync(Request with { Force = true, Replay = replay }, CancellationToken.None);
        summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
        Ports.Journal.ShouldContain("replay orders of 20260301-001 with m.csv");
        Ports.Journal.ShouldContain("replay reviews of 20260301-001");
        Ports.Journal.ShouldNotContain(e => e.StartsWith("find ", StringComparison.Ordinal));
        Ledger.Files.Count(f => f is { Dataset: "orders", Role: FileRole.Base or FileRole.Corrected }).ShouldBe(2);
    }

    [Fact]
    public async Task Models_are_computed_after_the_files_are_loaded_and_checked()
    {
        UseModelOfOrders();
        var summary = await RunAsync();
        summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
        Ports.Journal.ShouldNotContain("load orders");
        Ports.Journal.IndexOf("compute orders").ShouldBeGreaterThan(Ports.Journal.LastIndexOf("load shipments"));
        Ledger.Files.Select(f => (f.Dataset, f.Role)).ShouldContain(("orders", FileRole.Model));
        Ledger.Files.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Files_with_too_many_rejects_end_the_run_before_its_models_are_computed()
    {
        UseModelOfOrders();
        Ports.Staged["reviews"] = FakePorts.StagedOf("reviews", new RowCounts(10, 5, 5));
        (await RunAsync()).Error!.Code.ShouldBe(ErrorCode.RejectLimit);
        Ports.Journal.ShouldNotContain("compute orders");
    }

    [Fact]
    public async Task A_replay_computes_models_again()
    {
        UseModelOfOrders();
        var published = RunId.Parse("20260301-001");
        Ports.PublishedRun = published;
        var replay = new ReplayRequest(
            published,
            new Dictionary<string, IReadOnlyList<string>> { ["reviews"] = ["m.csv"] }
        );
        var summary = await Pipeline().RunAsync(Request with { Force = true, Replay = replay }, CancellationToken.None);
        summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
        Ports.Journal.ShouldContain("replay reviews of 20260301-001 with m.csv");
        Ports.Journal.ShouldContain("compute orders");
        Ports.Journal.ShouldNotContain("replay orders of 20260301-001");
    }

    [Fact]
    public async Task A_replay_that_another_publish_overtook_fails_before_anything_is_loaded()
    {
        Ports.PublishedRun = RunId.Parse("20260302-001");
        var replay = new ReplayRequest(RunId.Parse("20260301-001"), new Dictionary<string, IReadOnlyList<string>>());
        var summary = await Pipeline().RunAsync(Request with { Force = true, Replay = replay }, CancellationToken.None);
        summary.ExitCode.ShouldBe(2);
        Ports.Journal.ShouldNotContain("prepare");
    }

    private void UseModelOfOrders() =>
        Datasets = new DatasetCatalog(
            DatasetCatalog.BuiltIn.All.Select(d =>
                d.Name == "orders"
                    ? d with
                    {
                        Model = new Model("shipments", ["shipments"], "select")
                        {
                            File = "/x/models/orders.sql",
                            Version = "1",
                        },
                    }
                    : d
            )
        );
}
