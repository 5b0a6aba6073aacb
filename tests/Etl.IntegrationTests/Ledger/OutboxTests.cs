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
    public async Task A_run_has_one_message_per_outcome()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.SucceedAsync(Monday);
        await host.Outbox.QueueAsync(Of(run, Outcome.Success, "first"), default);
        await host.Outbox.QueueAsync(Of(run, Outcome.Success, "second"), default);
        await host.Outbox.QueueAsync(Of(run, Outcome.Failure, "other"), default);

        var claimed = await host.Outbox.ClaimAsync(default);

        claimed.Select(m => m.Message.Subject).ShouldBe(["first", "other"]);
        claimed[0].Message.ShouldBe(Of(run, Outcome.Success, "first"));
    }

    [Fact]
    public async Task Of_many_hosts_at_once_each_message_goes_to_one()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.SucceedAsync(Monday);
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            await host.Outbox.QueueAsync(Of(run, outcome, "s"), default);
        }

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => new LedgerHost(database).Outbox.ClaimAsync(default)))
        );

        claims.SelectMany(c => c).Select(m => m.Message.Outcome).Order().ShouldBe(Enum.GetValues<Outcome>());
    }

    [Fact]
    public async Task A_message_that_was_not_sent_is_claimed_again_and_a_sent_one_is_not()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var message = Of(await host.SucceedAsync(Monday), Outcome.Success, "s");
        await host.Outbox.QueueAsync(message, default);
        (await host.Outbox.ClaimAsync(default)).Count.ShouldBe(1);

        await host.Outbox.ReleaseAsync(message, ["sns"], default);
        (await host.History.FindAsync(message.RunId!.Value, default))!.MessageSent.ShouldBe(false);
        (await host.Outbox.ClaimAsync(default)).Count.ShouldBe(1);
        await host.Outbox.RecordSentAsync(message, "sns", ["sns"], default);

        (await host.Outbox.ClaimAsync(default)).ShouldBeEmpty();
        (await host.History.FindAsync(message.RunId!.Value, default))!.MessageSent.ShouldBe(true);
    }

    [Fact]
    public async Task A_message_is_sent_once_every_notifier_has_sent_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var message = Of(await host.SucceedAsync(Monday), Outcome.Success, "s");
        string[] three = ["sns", "smtp", "webhook"];
        await host.Outbox.QueueAsync(message, default);

        await Task.WhenAll(three.Take(2).Select(n => host.Outbox.RecordSentAsync(message, n, three, default)));
        await host.Outbox.RecordSentAsync(message, "sns", three, default);
        await host.Outbox.ReleaseAsync(message, three, default);

        var pending = (await host.Outbox.ClaimAsync(default)).Single();
        pending.SentBy.ShouldBe(["sns", "smtp"], ignoreOrder: true);
        await host.Outbox.RecordSentAsync(message, "webhook", three, default);
        (await host.Outbox.ClaimAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_whose_last_notifier_was_removed_from_the_settings_is_sent()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var message = Of(await host.SucceedAsync(Monday), Outcome.Success, "s");
        await host.Outbox.QueueAsync(message, default);
        await host.Outbox.RecordSentAsync(message, "sns", ["sns", "webhook"], default);

        await host.Outbox.ReleaseAsync(message, ["sns"], default);

        (await host.Outbox.ClaimAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_claim_expires_after_a_minute_or_when_its_run_is_taken_over()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.PublishAsync(run);
        await host.Outbox.QueueAsync(Of(run, Outcome.Success, "s"), default);
        (await host.Outbox.ClaimAsync(default)).Count.ShouldBe(1);
        // Its response may have been lost: only the same host can claim it again.
        (await host.Outbox.ClaimAsync(default)).Count.ShouldBe(1);
        var other = new LedgerHost(database);
        (await other.Outbox.ClaimAsync(default)).ShouldBeEmpty();

        await host.ExecuteAsync("update etl.messages set claimed_until = claimed_until - interval '61 seconds'");
        (await other.Outbox.ClaimAsync(default)).Count.ShouldBe(1);
        await host.DieAsync(run);
        (await host.StartAsync(Monday)).Decision.ShouldBe(RunDecision.FinishExport);

        (await host.Outbox.ClaimAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_start_lists_an_abandoned_run_as_unnotified()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var dead = await host.BeginAsync(Monday);
        await host.DieAsync(dead);
        (await host.Outbox.ListUnnotifiedAsync(default)).ShouldBeEmpty("it may still be taken over");

        var next = new LedgerHost(database);
        var run = await next.BeginAsync(Tuesday);
        (await next.Outbox.ListUnnotifiedAsync(default)).ShouldBe([dead]);
        await next.Outbox.QueueAsync(Of(dead, Outcome.Failure, "s"), default);
        (await next.Outbox.ListUnnotifiedAsync(default)).ShouldBeEmpty();

        await next.Lease.FailAsync(run, RunStatus.TimedOut, SomeFault, default);
        (await next.Outbox.ListUnnotifiedAsync(default)).ShouldBe(
            [run],
            "its host may die before it sends the message"
        );
    }

    private static Message Of(RunId run, Outcome outcome, string subject) =>
        new(run, run.BusinessDate, outcome, subject, "body\n");
}
