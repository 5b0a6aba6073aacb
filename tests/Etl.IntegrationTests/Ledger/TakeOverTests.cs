using System.Diagnostics;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Ledger;

public class TakeOverTests(PostgresServer server)
{
    [Fact]
    public async Task An_abandoned_run_of_the_day_is_taken_over_with_its_id()
    {
        await using var database = await server.CreateDatabaseAsync();
        var dead = new LedgerHost(database);
        var run = await dead.BeginAsync(Monday);
        await dead.DieAsync(run);

        var start = await new LedgerHost(database).StartAsync(Monday, asOf: new DateOnly(2022, 9, 1));

        start.Decision.ShouldBe(RunDecision.TakeOver);
        start.Run.Id.ShouldBe(run);
        start.Run.Attempts.ShouldBe(2);
        start.Run.AsOf.ShouldBe(new DateOnly(2022, 9, 1));
        (await dead.Lease.RenewAsync(run, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_abandoned_replay_is_ended_and_its_day_is_still_done()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var published = await host.SucceedAsync(Monday);
        var ask = new RunStartRequest(Monday, Monday.Value, Trigger.Replay, Force: true, BaseRun: published);
        var replay = (await host.Lease.StartAsync(ask, default)).Run;
        replay.BaseRunId.ShouldBe(published.ToString());
        await host.DieAsync(replay.Id);

        var next = await new LedgerHost(database).StartAsync(Monday);

        (next.Decision, next.Run.Id).ShouldBe((RunDecision.AlreadyDone, published));
        var abandoned = await host.FindAsync(replay.Id);
        abandoned.Status.ShouldBe(RunStatus.Failed);
        abandoned.ErrorNextStep!.ShouldContain($"etl quarantine replay --run {published}");
    }

    [Fact]
    public async Task An_abandoned_rollback_is_ended_with_the_command_that_repeats_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var published = await host.SucceedAsync(Monday);
        var ask = new RunStartRequest(Monday, Monday.Value, Trigger.Rollback, Force: true, BaseRun: published);
        var rollback = (await host.Lease.StartAsync(ask, default)).Run;
        await host.DieAsync(rollback.Id);

        await new LedgerHost(database).StartAsync(Tuesday);

        (await host.FindAsync(rollback.Id)).ErrorNextStep!.ShouldContain($"etl rollback --to {published}");
    }

    [Fact]
    public async Task A_replay_takes_over_no_abandoned_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var published = await host.SucceedAsync(Monday);
        var dead = await host.BeginAsync(Monday, force: true);
        await host.DieAsync(dead);

        var ask = new RunStartRequest(Monday, Monday.Value, Trigger.Replay, Force: true, BaseRun: published);
        var start = await new LedgerHost(database).Lease.StartAsync(ask, default);

        (start.Decision, start.Run.RunId).ShouldBe((RunDecision.Begin, "20220905-003"));
        (await host.FindAsync(dead)).Status.ShouldBe(RunStatus.Failed);
    }

    [Fact]
    public async Task An_abandoned_run_of_another_day_is_ended_and_the_requested_day_begins()
    {
        await using var database = await server.CreateDatabaseAsync();
        var dead = new LedgerHost(database);
        var run = await dead.BeginAsync(Monday);
        await dead.DieAsync(run);

        var start = await new LedgerHost(database).StartAsync(Tuesday);

        start.Decision.ShouldBe(RunDecision.Begin);
        start.Run.BusinessDate.ShouldBe(Tuesday.Value);
        var abandoned = await dead.FindAsync(run);
        abandoned.Status.ShouldBe(RunStatus.Failed);
        abandoned.ErrorCode.ShouldBe("lease_lost");
        abandoned.ErrorNextStep.ShouldBe("Run it again: etl run --date 2022-09-05");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_published_run_that_was_not_finished_is_finished_before_the_requested_day(bool died)
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.PublishAsync(run);
        await (died ? host.DieAsync(run) : host.Lease.FailAsync(run, RunStatus.Failed, SomeFault, default));

        var next = new LedgerHost(database);
        var start = await next.StartAsync(Tuesday);
        start.Decision.ShouldBe(RunDecision.FinishExport);
        start.Run.Id.ShouldBe(run);
        start.Run.Attempts.ShouldBe(2);

        await next.Lease.FinishAsync(run, default);
        (await next.StartAsync(Tuesday)).Decision.ShouldBe(RunDecision.Begin);
    }

    [Fact]
    public async Task Force_does_not_finish_the_run_that_it_replaces()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.PublishAsync(run);
        await host.DieAsync(run);

        var start = await host.StartAsync(Monday, force: true);

        start.Decision.ShouldBe(RunDecision.Begin);
        start.Run.RunId.ShouldBe("20220905-002");
    }

    [Fact]
    public async Task An_abandoned_forced_run_is_finished_by_a_plain_rerun()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.SucceedAsync(Monday);
        var forced = await host.BeginAsync(Monday, force: true);
        await host.DieAsync(forced);

        var start = await host.StartAsync(Monday);

        start.Decision.ShouldBe(RunDecision.TakeOver);
        start.Run.Id.ShouldBe(forced);
    }

    [Fact]
    public async Task A_host_whose_response_was_lost_starts_again_and_gets_its_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);

        var again = await host.StartAsync(Monday);

        again.Decision.ShouldBe(RunDecision.TakeOver);
        again.Run.Id.ShouldBe(run);
    }

    [Theory]
    [InlineData(true, RunDecision.TakeOver)]
    [InlineData(false, RunDecision.InProgress)]
    public async Task The_run_of_a_killed_process_on_this_machine_is_taken_over_at_once(
        bool setting,
        RunDecision decision
    )
    {
        using var process = Process.Start("sleep", "60");
        var mark = ProcessIdentity.Of(process.Id);
        Assert.SkipWhen(mark is null, "This system does not identify processes.");
        await using var database = await server.CreateDatabaseAsync();
        var killed = new LedgerHost(database, owner: new LeaseOwner(mark));
        var next = new LedgerHost(database, takeOverGone: setting);
        var run = await killed.BeginAsync(Monday);
        (await next.StartAsync(Monday)).Decision.ShouldBe(RunDecision.InProgress);

        process.Kill();
        await process.WaitForExitAsync();
        var start = await next.StartAsync(Monday);

        start.Decision.ShouldBe(decision);
        start.Run.Id.ShouldBe(run);
    }

    [Fact]
    public async Task An_abandoned_run_does_not_prevent_finishing_an_earlier_one()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var unfinished = await host.BeginAsync(Monday);
        await host.PublishAsync(unfinished);
        await host.Lease.FailAsync(unfinished, RunStatus.Failed, SomeFault, default);
        var ask = new RunStartRequest(Tuesday, Tuesday.Value, Trigger.Manual, Force: false, FinishOthers: false);
        var dead = (await host.Lease.StartAsync(ask, default)).Run.Id;
        await host.DieAsync(dead);

        var next = new LedgerHost(database);
        (await next.StartAsync(Tuesday)).Run.Id.ShouldBe(unfinished);
        await next.Lease.FinishAsync(unfinished, default);
        var start = await next.StartAsync(Tuesday);

        (start.Decision, start.Run.Id).ShouldBe((RunDecision.TakeOver, dead));
    }

    [Fact]
    public async Task A_run_without_export_that_a_later_publish_replaced_is_finished_only_for_its_own_day()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var unfinished = await host.BeginAsync(Monday);
        await host.PublishAsync(unfinished);
        await host.Lease.FailAsync(unfinished, RunStatus.Failed, SomeFault, default);
        var ask = new RunStartRequest(Tuesday, Tuesday.Value, Trigger.Manual, Force: false, FinishOthers: false);
        var tuesdays = (await host.Lease.StartAsync(ask, default)).Run.Id;
        await host.PublishAsync(tuesdays);
        await host.Lease.FinishAsync(tuesdays, default);

        (await host.StartAsync(Tuesday)).Decision.ShouldBe(RunDecision.AlreadyDone);
        var start = await host.StartAsync(Monday);

        (start.Decision, start.Run.Id).ShouldBe((RunDecision.FinishExport, unfinished));
    }
}
