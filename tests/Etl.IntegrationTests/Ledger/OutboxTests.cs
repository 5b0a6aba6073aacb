using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Ledger;

public class OutboxTests(PostgresServer server)
{
    [Fact]
    public async Task A_run_has_one_message_for_an_outcome()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.SucceedAsync(Monday);
        await host.Ledger.QueueAsync(Of(run, Outcome.Success, "first"), default);
        await host.Ledger.QueueAsync(Of(run, Outcome.Success, "second"), default);
        await host.Ledger.QueueAsync(Of(run, Outcome.Failure, "other"), default);

        var claimed = await host.Ledger.ClaimAsync(default);

        claimed.Select(m => m.Subject).ShouldBe(["first", "other"]);
        claimed[0].ShouldBe(Of(run, Outcome.Success, "first"));
    }

    [Fact]
    public async Task Of_many_hosts_at_once_each_message_goes_to_one()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.SucceedAsync(Monday);
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            await host.Ledger.QueueAsync(Of(run, outcome, "s"), default);
        }

        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => Task.Run(() => new LedgerHost(database).Ledger.ClaimAsync(default)))
        );

        claims.SelectMany(c => c).Select(m => m.Outcome).Order().ShouldBe(Enum.GetValues<Outcome>());
    }

    [Fact]
    public async Task A_message_that_was_not_sent_waits_for_the_next_start_and_a_sent_one_is_gone()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var message = Of(await host.SucceedAsync(Monday), Outcome.Success, "s");
        await host.Ledger.QueueAsync(message, default);
        (await host.Ledger.ClaimAsync(default)).Count.ShouldBe(1);

        await host.Ledger.RecordAsync(message, sent: false, default);
        (await host.Ledger.FindAsync(message.RunId!.Value, default))!.MessageSent.ShouldBe(false);
        (await host.Ledger.ClaimAsync(default)).Count.ShouldBe(1);
        await host.Ledger.RecordAsync(message, sent: true, default);

        (await host.Ledger.ClaimAsync(default)).ShouldBeEmpty();
        (await host.Ledger.FindAsync(message.RunId!.Value, default))!.MessageSent.ShouldBe(true);
    }

    [Fact]
    public async Task A_claim_ends_with_its_minute_or_with_the_take_over_of_its_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.PublishAsync(run);
        await host.Ledger.QueueAsync(Of(run, Outcome.Success, "s"), default);
        (await host.Ledger.ClaimAsync(default)).Count.ShouldBe(1);
        // Its answer may have been lost: the claimer asks again and gets it, nobody else does.
        (await host.Ledger.ClaimAsync(default)).Count.ShouldBe(1);
        var other = new LedgerHost(database);
        (await other.Ledger.ClaimAsync(default)).ShouldBeEmpty();

        await host.ExecuteAsync("update etl.messages set claimed_until = claimed_until - interval '61 seconds'");
        (await other.Ledger.ClaimAsync(default)).Count.ShouldBe(1);
        await host.DieAsync(run);
        (await host.StartAsync(Monday)).Decision.ShouldBe(RunDecision.FinishExport);

        (await host.Ledger.ClaimAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_that_was_abandoned_for_another_day_is_told_by_the_start_that_took_its_place()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var dead = await host.BeginAsync(Monday);
        await host.DieAsync(dead);
        (await host.Ledger.ListUnnotifiedAsync(default)).ShouldBeEmpty("it may still be taken over");

        var next = new LedgerHost(database);
        var run = await next.BeginAsync(Tuesday);
        (await next.Ledger.ListUnnotifiedAsync(default)).ShouldBe([dead]);
        await next.Ledger.QueueAsync(Of(dead, Outcome.Failure, "s"), default);
        (await next.Ledger.ListUnnotifiedAsync(default)).ShouldBeEmpty();

        await next.Ledger.FailAsync(run, RunStatus.TimedOut, SomeFault, default);
        (await next.Ledger.ListUnnotifiedAsync(default)).ShouldBe([run], "its host may die before it tells");
    }

    private static Message Of(RunId run, Outcome outcome, string subject) =>
        new(run, run.BusinessDate, outcome, subject, "body\n");
}
