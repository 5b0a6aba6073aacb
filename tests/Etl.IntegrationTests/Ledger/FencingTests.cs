using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Ledger;

public class FencingTests(PostgresServer server)
{
    private static readonly StepRecord Staged = new(
        Step.Stage,
        Attempt: 1,
        new DateTimeOffset(2022, 9, 5, 3, 0, 0, TimeSpan.Zero),
        FinishedAt: null,
        Succeeded: null,
        Detail: null
    );

    public static TheoryData<string> Writes => ["step", "files", "tests", "exports", "fail", "finish"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_host_that_lost_its_lease_can_write_nothing(string write)
    {
        await using var database = await server.CreateDatabaseAsync();
        var (stale, holder) = (new LedgerHost(database), new LedgerHost(database));
        var run = await stale.BeginAsync(Monday);
        await stale.DieAsync(run);
        (await holder.StartAsync(Monday)).Decision.ShouldBe(RunDecision.TakeOver);

        var exception = await Should.ThrowAsync<EtlException>(() => WriteAsync(stale, run, write));

        exception.Error.Code.ShouldBe(ErrorCode.LeaseLost);
        await WriteAsync(holder, run, write);
    }

    [Fact]
    public async Task The_notify_step_of_a_failed_run_is_recorded_after_its_end()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.Lease.FailAsync(run, RunStatus.TimedOut, SomeFault, default);

        await host.Journal.RecordStepAsync(run, Staged with { Step = Step.Notify }, default);

        (await host.History.FindAsync(run, default))!.Steps.Single().Step.ShouldBe(Step.Notify);
    }

    private static Task WriteAsync(LedgerHost host, RunId run, string write) =>
        write switch
        {
            "step" => host.Journal.RecordStepAsync(run, Staged, default),
            "files" => host.Journal.RecordFilesAsync(run, [], default),
            "tests" => host.Journal.RecordTestsAsync(run, [new DataTestResult("a", Severity.Warn, 1, "b")], default),
            "exports" => host.Journal.RecordExportsAsync(run, [], "file:///manifest.json", default),
            "fail" => host.Lease.FailAsync(run, RunStatus.Failed, SomeFault, default),
            "finish" => host.Lease.FinishAsync(run, default),
            _ => throw new ArgumentException(write, nameof(write)),
        };
}
