using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class RetryTests : PipelineOnFakes
{
    [Fact]
    public async Task A_run_stops_itself_before_its_deadline_and_notifies()
    {
        var late = Request with { Deadline = Clock.GetUtcNow().AddSeconds(25) };
        Ports.Hang = "build";
        var summary = await Pipeline().RunAsync(late, CancellationToken.None);

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.TimedOut, 8));
        Ledger.Run.Status.ShouldBe(RunStatus.TimedOut);
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Failure);
    }

    [Fact]
    public async Task A_transient_error_is_retried_and_reported()
    {
        Retries = 2;
        Ports.PassingFaults["load reviews"] = new Queue<Exception>([Passing, Passing]);
        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        Ports.Journal.Count(e => e == "prepare").ShouldBe(3);
        Ports.Journal.Count(e => e.StartsWith("warned connection lost", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_persistent_error_fails_the_run_after_the_last_retry()
    {
        Retries = 2;
        Ports.Exceptions["load reviews"] = Passing;
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Failed, 5));
        Ports.Journal.Count(e => e == "prepare").ShouldBe(3);
    }

    [Fact]
    public async Task An_error_that_needs_a_person_is_not_retried()
    {
        Retries = 2;
        Ports.Exceptions["load reviews"] = new EtlException(
            ErrorCode.SourceChanged,
            "changed",
            "wait",
            retryable: true
        );
        await RunAsync();
        Ports.Journal.Count(e => e == "prepare").ShouldBe(1);
    }

    private static EtlException Passing =>
        new(ErrorCode.DatabaseUnreachable, "connection lost", "run again", retryable: true);
}
