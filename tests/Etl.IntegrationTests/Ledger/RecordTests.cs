using System.Text.Json;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Ledger;

public class RecordTests(PostgresServer server)
{
    private static readonly DateTimeOffset Three = new(2022, 9, 5, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Durations_are_added_and_the_largest_memory_is_kept()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.SucceedAsync(Monday);
        (await host.History.FindAsync(run, default))!.Usage.ShouldBeNull();
        await host.Journal.RecordUsageAsync(run, new RunUsage(TimeSpan.FromMilliseconds(1000.5), 900), default);
        await host.Journal.RecordUsageAsync(run, new RunUsage(TimeSpan.FromMilliseconds(20), 300), default);

        var usage = new RunUsage(TimeSpan.FromMilliseconds(1021), 900);
        (await host.History.FindAsync(run, default))!.Usage.ShouldBe(usage);
        var all = await host.History.ListBetweenAsync(Three.AddYears(-1), Three.AddYears(90), default);
        all.Single().Usage.ShouldBe(usage);
        (await host.History.ListBetweenAsync(Three.AddYears(89), Three.AddYears(90), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_recorded_for_a_run_is_read_back_in_order()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        var stage = new StepRecord(Step.Stage, 1, Three.AddSeconds(1), Three.AddSeconds(2), true, "3 files");
        var extract = new StepRecord(Step.Extract, 1, Three, null, null, null);
        var tests = new[]
        {
            new DataTestResult("b_test", Severity.Error, 0, "bad rows"),
            new DataTestResult("a_test", Severity.Warn, 7, "unusual rows"),
        };
        var exports = new[] { new ExportRecord("agg_shipments", "file:///a.csv", 1, 20, "ab", ["x", "y"]) };
        await host.Journal.RecordStepAsync(run, stage, default);
        await host.Journal.RecordStepAsync(run, extract, default);
        await host.Journal.RecordFilesAsync(run, [Staged("reviews", 5), Staged("orders", 9)], default);
        await host.Journal.RecordTestsAsync(run, tests, default);
        await host.Journal.RecordExportsAsync(run, exports, "file:///manifest.json", default);
        await host.Journal.RecordReportAsync(run, "file:///report.html", default);

        var found = (await host.History.FindAsync(run, default))!;

        found.Steps.ShouldBe([extract, stage]);
        found
            .Files.Select(f => (f.Dataset, f.Uri, f.Loaded))
            .ShouldBe([("orders", "file:///orders.csv", 9), ("reviews", "file:///reviews.csv", 5)]);
        found.Tests.ShouldBe(tests.Reverse());
        found.Exports.Single().Columns.ShouldBe(["x", "y"]);
        found.ManifestUri.ShouldBe("file:///manifest.json");
        found.ReportUri.ShouldBe("file:///report.html");
        (await host.History.ListAsync(1, default)).Single().ReportUri.ShouldBe("file:///report.html");
        found.Run.ExportedAt.ShouldNotBeNull();
        found.MessageSent.ShouldBeNull();
    }

    [Fact]
    public async Task What_an_earlier_attempt_recorded_is_replaced()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.Journal.RecordFilesAsync(run, [Staged("orders", 9), Staged("reviews", 5)], default);
        await host.Journal.RecordFilesAsync(run, [Staged("orders", 8)], default);
        var step = new StepRecord(Step.Export, 1, Three, null, null, null);
        await host.Journal.RecordStepAsync(run, step, default);
        await host.Journal.RecordStepAsync(run, step with { Succeeded = false, Detail = "refused" }, default);

        var found = (await host.History.FindAsync(run, default))!;

        found.Files.Single().Loaded.ShouldBe(8);
        found.Steps.Single().Detail.ShouldBe("refused");
    }

    [Fact]
    public async Task A_failure_ends_a_run_but_only_releases_a_published_one()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var failed = await host.BeginAsync(Monday);
        await host.Lease.FailAsync(failed, RunStatus.TimedOut, SomeFault, default);
        var published = await host.BeginAsync(Tuesday);
        await host.PublishAsync(published);
        await host.Lease.FailAsync(published, RunStatus.TimedOut, SomeFault, default);

        var ended = await host.FindAsync(failed);
        (ended.Status, ended.ErrorCode, ended.LeaseOwner).ShouldBe((RunStatus.TimedOut, "source_missing", null));
        ended.FinishedAt.ShouldNotBeNull();
        var open = await host.FindAsync(published);
        (open.Status, open.ErrorMessage, open.LeaseOwner).ShouldBe((RunStatus.Succeeded, SomeFault.Message, null));
        open.FinishedAt.ShouldBeNull();
    }

    [Fact]
    public async Task The_previous_run_is_the_last_published_one_of_an_earlier_day_or_number()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        (await host.History.PreviousAsync(new RunId(Monday, 1), default)).ShouldBeNull();
        var first = await host.SucceedAsync(Monday);
        var second = await host.SucceedAsync(Monday, force: true);
        var later = await host.SucceedAsync(BusinessDate.Parse("2022-09-07"));
        var failed = await host.BeginAsync(Tuesday);
        await host.Lease.FailAsync(failed, RunStatus.Failed, SomeFault, default);

        (await host.History.PreviousAsync(second, default))!.Run.Id.ShouldBe(first);
        (await host.History.PreviousAsync(failed, default))!.Run.Id.ShouldBe(second);
        (await host.History.PreviousAsync(later, default))!.Run.Id.ShouldBe(second);
        (await host.History.PreviousAsync(first, default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_run_that_ended_last_can_have_failed_and_can_be_of_a_later_day()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.SucceedAsync(Monday);
        var failed = await host.BeginAsync(BusinessDate.Parse("2022-09-07"));
        await host.Lease.FailAsync(failed, RunStatus.Failed, SomeFault, default);
        var now = await host.BeginAsync(Tuesday);

        (await host.History.LastEndedBeforeAsync(now, default))!.Run.Id.ShouldBe(failed);
        (await host.History.ListAsync(2, default)).Select(r => r.Run.Id).ShouldBe([now, failed]);
    }

    [Fact]
    public async Task A_run_is_read_the_same_alone_and_in_a_list()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var bare = await host.BeginAsync(Monday);
        await host.Lease.FailAsync(bare, RunStatus.Cancelled, SomeFault, default);
        var full = await host.BeginAsync(Tuesday, force: true);
        await host.Journal.RecordStepAsync(full, new StepRecord(Step.Stage, 1, Three, Three, true, "3 files"), default);
        await host.Journal.RecordStepAsync(full, new StepRecord(Step.Export, 1, Three, null, null, null), default);
        await host.Journal.RecordFilesAsync(full, [Staged("orders", 9), Staged("reviews", 5)], default);
        await host.Journal.RecordTestsAsync(full, [new DataTestResult("a", Severity.Warn, 7, "unusual rows")], default);
        var export = new ExportRecord("agg_shipments", "file:///a.csv", 1, 20, "ab", ["x", "y"]);
        await host.Journal.RecordExportsAsync(full, [export], "file:///manifest.json", default);
        await host.PublishAsync(full);
        var message = new Message(full, Tuesday, Outcome.Recovered, "subject", "body");
        await host.Outbox.QueueAsync(message, default);
        await host.ExecuteAsync($"update etl.runs set base_run_id = '{bare}' where run_id = '{full}'");

        var listed = await host.History.ListAsync(2, default);
        var found = new[] { await host.History.FindAsync(full, default), await host.History.FindAsync(bare, default) };

        JsonSerializer.Serialize(found).ShouldBe(JsonSerializer.Serialize(listed));
        found.ShouldAllBe(f => f!.MessageSent == (f.Run.Id == full ? false : null));
    }

    private static StagedFile Staged(string dataset, long loaded) =>
        new(
            dataset,
            new SourceFile($"file:///{dataset}.csv", $"{dataset}.csv", "v1", 100),
            "ab",
            new RowCounts(loaded, loaded, 0)
        );
}
