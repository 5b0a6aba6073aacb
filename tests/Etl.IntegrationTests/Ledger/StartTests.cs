using System.Diagnostics;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Ledger;

public class StartTests(PostgresServer server)
{
    [Fact]
    public async Task The_first_run_of_a_day_begins_with_a_lease()
    {
        await using var database = await server.CreateDatabaseAsync();
        var start = await new LedgerHost(database).StartAsync(Monday, asOf: new DateOnly(2022, 9, 4));

        start.Decision.ShouldBe(RunDecision.Begin);
        start.Run.RunId.ShouldBe("20220905-001");
        start.Run.Status.ShouldBe(RunStatus.Running);
        start.Run.AsOf.ShouldBe(new DateOnly(2022, 9, 4));
        start.Run.LeaseOwner.ShouldStartWith(Environment.MachineName);
        (start.Run.LeaseUntil - start.Run.StartedAt).ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_run_in_progress_prevents_a_start_of_any_date()
    {
        await using var database = await server.CreateDatabaseAsync();
        var run = await new LedgerHost(database).BeginAsync(Monday);

        foreach (var (date, force) in new[] { (Monday, false), (Monday, true), (Tuesday, false), (Tuesday, true) })
        {
            var start = await new LedgerHost(database).StartAsync(date, force);
            start.Decision.ShouldBe(RunDecision.InProgress);
            start.Run.Id.ShouldBe(run);
        }
    }

    [Fact]
    public async Task A_day_that_has_succeeded_is_already_done_while_another_run_is_in_progress()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var done = await host.SucceedAsync(Monday);

        (await host.StartAsync(Monday)).Run.Id.ShouldBe(done);
        await host.BeginAsync(Tuesday);
        var again = await new LedgerHost(database).StartAsync(Monday);

        again.Decision.ShouldBe(RunDecision.AlreadyDone);
        again.Run.Id.ShouldBe(done);
    }

    [Fact]
    public async Task Force_begins_a_new_run_of_a_day_that_has_succeeded()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.SucceedAsync(Monday);

        var start = await host.StartAsync(Monday, force: true);

        start.Decision.ShouldBe(RunDecision.Begin);
        start.Run.RunId.ShouldBe("20220905-002");
        start.Run.Forced.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failed_run_is_followed_by_the_next_number()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var failed = await host.BeginAsync(Monday);
        await host.Lease.FailAsync(failed, RunStatus.Failed, SomeFault, default);

        var start = await host.StartAsync(Monday);

        start.Decision.ShouldBe(RunDecision.Begin);
        start.Run.RunId.ShouldBe("20220905-002");
    }

    [Fact]
    public async Task A_day_that_was_rolled_back_is_done_until_a_run_is_forced()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.SucceedAsync(Monday);
        await host.ExecuteAsync("update etl.runs set status = 'rolled_back'");

        var start = await host.StartAsync(Monday);

        (start.Decision, start.Run.Id).ShouldBe((RunDecision.AlreadyDone, run));
        (await host.StartAsync(Monday, force: true)).Decision.ShouldBe(RunDecision.Begin);
    }

    [Fact]
    public async Task A_day_can_have_more_than_999_runs_in_the_order_of_their_numbers()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.ExecuteAsync(
            """
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts)
            values ('20220905-999', '2022-09-05', 999, '2022-09-05', 'manual', false, 'superseded', now(), 1)
            """
        );

        var run = await host.SucceedAsync(Monday);

        run.ToString().ShouldBe("20220905-1000");
        (await host.History.PreviousAsync(run, default))!.Run.RunId.ShouldBe("20220905-999");
        (await host.History.PreviousAsync(new RunId(Monday, 1001), default))!.Run.Id.ShouldBe(run);
    }

    [Fact]
    public async Task Of_fifty_starts_at_once_one_begins()
    {
        await using var database = await server.CreateDatabaseAsync();
        var hosts = Enumerable.Range(0, 50).Select(_ => new LedgerHost(database)).ToList();

        var starts = await Task.WhenAll(hosts.Select(h => Task.Run(() => h.StartAsync(Monday))));

        starts.Count(s => s.Decision == RunDecision.Begin).ShouldBe(1);
        starts.Count(s => s.Decision == RunDecision.InProgress).ShouldBe(49);
        starts.Select(s => s.Run.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Of_fifty_starts_for_different_days_one_replaces_an_abandoned_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        var dead = new LedgerHost(database);
        var run = await dead.BeginAsync(Monday);
        await dead.DieAsync(run);

        var days = Enumerable.Range(0, 50).Select(i => new BusinessDate(Monday.Value.AddDays(i % 5)));
        var starts = await Task.WhenAll(
            days.Select(day => Task.Run(() => new LedgerHost(database).StartAsync(day, force: true)))
        );

        starts.Count(s => s.Decision is RunDecision.Begin or RunDecision.TakeOver).ShouldBe(1);
        starts.Count(s => s.Decision == RunDecision.InProgress).ShouldBe(49);
    }

    [Fact]
    public async Task A_lease_expires_by_the_clock_of_the_database()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.DieAsync(run);
        (await host.Lease.RenewAsync(run, default)).ShouldBeTrue();

        var left = await host.ScalarAsync<TimeSpan>("select lease_until - clock_timestamp() from etl.runs");

        left.ShouldBeInRange(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30));
        (await new LedgerHost(database).StartAsync(Monday)).Decision.ShouldBe(RunDecision.InProgress);
    }
}
