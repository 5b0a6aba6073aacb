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
    public async Task A_run_whose_deadline_is_near_stops_by_itself_and_tells()
    {
        var late = Request with { Deadline = Clock.GetUtcNow().AddSeconds(25) };
        Ports.Hang = "build";
        var summary = await Pipeline().RunAsync(late, CancellationToken.None);

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.TimedOut, 8));
        Ledger.Run.Status.ShouldBe(RunStatus.TimedOut);
        Ports.Sent.Single().Outcome.ShouldBe(Outcome.Failure);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_and_said()
    {
        Retries = 2;
        Ports.PassingFaults["load reviews"] = new Queue<Exception>([Passing, Passing]);
        var summary = await RunAsync();

        summary.Status.ShouldBe(SummaryStatus.Succeeded);
        Ports.Journal.Count(e => e == "prepare").ShouldBe(3);
        Ports.Journal.Count(e => e.StartsWith("warned connection lost", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_that_does_not_pass_fails_the_run_after_the_last_try()
    {
        Retries = 2;
        Ports.Exceptions["load reviews"] = Passing;
        var summary = await RunAsync();

        (summary.Status, summary.ExitCode).ShouldBe((SummaryStatus.Failed, 5));
        Ports.Journal.Count(e => e == "prepare").ShouldBe(3);
    }

    [Fact]
    public async Task A_fault_that_people_must_mend_is_not_tried_again()
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
