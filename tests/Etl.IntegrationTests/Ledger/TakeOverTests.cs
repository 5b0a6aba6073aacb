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
    public async Task A_dead_run_of_the_day_is_taken_over_under_its_own_name()
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
        (await dead.Ledger.RenewAsync(run, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_dead_replay_is_abandoned_and_its_day_is_still_done()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var published = await host.SucceedAsync(Monday);
        var ask = new RunStartRequest(Monday, Monday.Value, Trigger.Replay, Force: true, BaseRun: published);
        var replay = (await host.Ledger.StartAsync(ask, default)).Run;
        replay.BaseRunId.ShouldBe(published.ToString());
        await host.DieAsync(replay.Id);

        var next = await new LedgerHost(database).StartAsync(Monday);

        (next.Decision, next.Run.Id).ShouldBe((RunDecision.AlreadyDone, published));
        var abandoned = await host.FindAsync(replay.Id);
        abandoned.Status.ShouldBe(RunStatus.Failed);
        abandoned.ErrorNextStep!.ShouldContain($"etl quarantine replay --run {published}");
    }

    [Fact]
    public async Task A_replay_takes_no_dead_run_over()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var published = await host.SucceedAsync(Monday);
        var dead = await host.BeginAsync(Monday, force: true);
        await host.DieAsync(dead);

        var ask = new RunStartRequest(Monday, Monday.Value, Trigger.Replay, Force: true, BaseRun: published);
        var start = await new LedgerHost(database).Ledger.StartAsync(ask, default);

        (start.Decision, start.Run.RunId).ShouldBe((RunDecision.Begin, "20220905-003"));
        (await host.FindAsync(dead)).Status.ShouldBe(RunStatus.Failed);
    }

    [Fact]
    public async Task A_dead_run_of_another_day_is_abandoned_and_the_day_asked_for_begins()
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
    public async Task A_published_run_that_was_not_finished_is_finished_first_whatever_day_is_asked_for(bool died)
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.PublishAsync(run);
        await (died ? host.DieAsync(run) : host.Ledger.FailAsync(run, RunStatus.Failed, SomeFault, default));

        var next = new LedgerHost(database);
        var start = await next.StartAsync(Tuesday);
        start.Decision.ShouldBe(RunDecision.FinishExport);
        start.Run.Id.ShouldBe(run);
        start.Run.Attempts.ShouldBe(2);

        await next.Ledger.FinishAsync(run, default);
        (await next.StartAsync(Tuesday)).Decision.ShouldBe(RunDecision.Begin);
    }

    [Fact]
    public async Task Force_does_not_finish_what_it_is_about_to_replace()
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
    public async Task A_forced_run_that_died_is_finished_by_a_plain_rerun()
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
    public async Task A_host_whose_answer_was_lost_asks_again_and_gets_its_run()
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
    public async Task A_process_of_this_machine_that_was_killed_need_not_be_waited_for(
        bool setting,
        RunDecision decision
    )
    {
        using var process = Process.Start("sleep", "60");
        var mark = ProcessIdentity.Of(process.Id);
        Assert.SkipWhen(mark is null, "This system does not tell processes apart.");
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
    public async Task A_dead_run_at_work_keeps_no_earlier_one_from_being_finished()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var unfinished = await host.BeginAsync(Monday);
        await host.PublishAsync(unfinished);
        await host.Ledger.FailAsync(unfinished, RunStatus.Failed, SomeFault, default);
        var ask = new RunStartRequest(Tuesday, Tuesday.Value, Trigger.Manual, Force: false, FinishOthers: false);
        var dead = (await host.Ledger.StartAsync(ask, default)).Run.Id;
        await host.DieAsync(dead);

        var next = new LedgerHost(database);
        (await next.StartAsync(Tuesday)).Run.Id.ShouldBe(unfinished);
        await next.Ledger.FinishAsync(unfinished, default);
        var start = await next.StartAsync(Tuesday);

        (start.Decision, start.Run.Id).ShouldBe((RunDecision.TakeOver, dead));
    }

    [Fact]
    public async Task A_run_that_lacks_its_export_and_was_overtaken_is_finished_only_when_its_day_is_asked_for()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var unfinished = await host.BeginAsync(Monday);
        await host.PublishAsync(unfinished);
        await host.Ledger.FailAsync(unfinished, RunStatus.Failed, SomeFault, default);
        var ask = new RunStartRequest(Tuesday, Tuesday.Value, Trigger.Manual, Force: false, FinishOthers: false);
        var tuesdays = (await host.Ledger.StartAsync(ask, default)).Run.Id;
        await host.PublishAsync(tuesdays);
        await host.Ledger.FinishAsync(tuesdays, default);

        (await host.StartAsync(Tuesday)).Decision.ShouldBe(RunDecision.AlreadyDone);
        var start = await host.StartAsync(Monday);

        (start.Decision, start.Run.Id).ShouldBe((RunDecision.FinishExport, unfinished));
    }
}
