using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

/// <summary>A notifier that hangs, is down or rejects messages: it costs a start a bounded time, and never its day.</summary>
public sealed class NotifierOutageTests : PipelineOnFakes
{
    private static readonly RunId Earlier = RunId.Parse("20260228-001");

    [Fact]
    public async Task The_first_sign_of_an_outage_ends_the_attempts_of_a_start()
    {
        await QueueAsync(5);
        Ports.Exceptions["send"] = new EtlException(ErrorCode.Notify, "no response", "later", retryable: true);

        var summary = await RunAsync();

        Ports.Journal.Count(e => e == "send").ShouldBe(1);
        summary.Warnings.Count(w => w.Message.Contains("no response")).ShouldBe(6);
        Ledger.Unsent.Count.ShouldBe(6);
        Ledger.Released.Count.ShouldBe(6, "the next start can send them at once");
    }

    [Fact]
    public async Task A_message_that_is_rejected_does_not_prevent_the_others()
    {
        await QueueAsync(3);
        Ports.PassingFaults["send"] = new([new EtlException(ErrorCode.Notify, "rejected", "correct it")]);

        await RunAsync();

        Ports.Sent.Count.ShouldBe(3);
        Ledger.Unsent.Single().Subject.ShouldBe("message 1");
    }

    [Fact]
    public async Task A_notifier_that_hangs_costs_a_start_one_time_limit_however_many_messages_wait()
    {
        await QueueAsync(5);
        (Ports.Hang, NotifySeconds) = ("send", 5);

        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Succeeded, 0));
        Ports.Journal.Count(e => e == "send").ShouldBe(1);
        summary.Warnings.Count(w => w.Message.Contains("could not be sent within 5 s")).ShouldBe(6);
        Ledger.Finished.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_with_a_notifier_that_hangs_is_recorded_and_not_sent_a_second_time()
    {
        (Ports.Hang, NotifySeconds) = ("send", 5);
        Ports.Exceptions["build"] = new EtlException(ErrorCode.Database, "refused", "ask");

        var summary = await RunAsync();

        summary.Error!.Code.ShouldBe(ErrorCode.Database);
        Ports.Journal.Count(e => e == "send").ShouldBe(1);
        Ports.Journal.ShouldNotContain(e => e.Contains("Could not record the failure"));
    }

    [Theory]
    [InlineData(ErrorCode.DatabaseUnreachable)]
    [InlineData(ErrorCode.Database)]
    public async Task A_start_without_a_run_whose_message_is_not_sent_has_a_warning(ErrorCode code)
    {
        Ledger.Unreachable = new EtlException(code, "no server", "start it");
        Ports.Exceptions["send"] = new EtlException(ErrorCode.Notify, "no response", "later", retryable: true);

        var summary = await RunAsync();

        summary.RunId.ShouldBeNull();
        summary.Warnings.ShouldHaveSingleItem().Kind.ShouldBe(RunWarningKind.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_a_run_that_is_finished_first_are_sent_after_the_requested_day(bool exportFails)
    {
        var other = new Run(
            Earlier,
            new DateOnly(2026, 2, 28),
            Trigger.Manual,
            forced: false,
            DateTimeOffset.UnixEpoch
        );
        other.Publish(DateTimeOffset.UnixEpoch);
        Ledger.Unfinished = other;
        Ledger.Answers.Enqueue(RunDecision.FinishExport);
        Ledger.Answers.Enqueue(RunDecision.Begin);
        if (exportFails)
        {
            const string Key = "write analytics_export/business_date=2026-02-28/run=20260228-001/daily_orders.csv";
            Ports.Exceptions[Key] = new EtlException(ErrorCode.Lake, "lake is full", "make room");
        }

        var summary = await RunAsync();

        summary.RunId.ShouldBe("20260301-001");
        Ports.Journal.IndexOf("send").ShouldBeGreaterThan(Ports.Journal.IndexOf("publish"));
        Ports.Sent.Select(m => m.RunId).ShouldBe([Earlier, RunId.Parse("20260301-001")]);
    }

    [Fact]
    public async Task Of_several_notifiers_one_that_fails_neither_prevents_nor_repeats_the_others()
    {
        var other = new OtherNotifier();
        MoreNotifiers.Add(other);
        await QueueAsync(2);
        Ports.Exceptions["send"] = new EtlException(ErrorCode.Notify, "no response", "later", retryable: true);

        var first = await RunAsync();
        var unsent = Ledger.Unsent.Count;
        Ports.Exceptions.Remove("send");
        Ledger.Answers.Enqueue(RunDecision.AlreadyDone);
        await RunAsync();

        first.Warnings.Count(w => w.Kind == RunWarningKind.Message).ShouldBe(3);
        (unsent, Ledger.Unsent.Count).ShouldBe((3, 0));
        other.Subjects.ShouldBe(Ports.Sent.Select(m => m.Subject));
        other.Subjects.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_notifier_that_hangs_does_not_delay_the_others()
    {
        var other = new OtherNotifier();
        MoreNotifiers.Add(other);
        await QueueAsync(2);
        (Ports.Hang, NotifySeconds) = ("send", 5);

        var summary = await RunAsync();

        other.Subjects.Count.ShouldBe(3);
        summary.Warnings.Count(w => w.Message.Contains("could not be sent within 5 s")).ShouldBe(3);
    }

    [Fact]
    public async Task A_message_without_the_ledger_is_sent_by_all_notifiers()
    {
        var other = new OtherNotifier();
        MoreNotifiers.Add(other);
        Ledger.Unreachable = new EtlException(ErrorCode.DatabaseUnreachable, "no server", "start it");
        Ports.Exceptions["send"] = new EtlException(ErrorCode.Notify, "no response", "later", retryable: true);

        var summary = await RunAsync();

        other.Subjects.ShouldHaveSingleItem();
        summary.Warnings.ShouldHaveSingleItem().Kind.ShouldBe(RunWarningKind.Message);
    }

    private sealed class OtherNotifier : INotifier
    {
        public List<string> Subjects { get; } = [];

        public string Name => "other";

        public Task SendAsync(Message message, CancellationToken cancellationToken)
        {
            Subjects.Add(message.Subject);
            return Task.CompletedTask;
        }
    }

    private async Task QueueAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            var message = new Message(
                null,
                new BusinessDate(new DateOnly(2026, 2, i)),
                Outcome.Success,
                $"message {i}",
                ""
            );
            await Ledger.QueueAsync(message, default);
        }
    }
}
