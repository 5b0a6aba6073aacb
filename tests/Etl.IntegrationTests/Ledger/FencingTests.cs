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
    public async Task Who_was_taken_over_can_write_nothing(string write)
    {
        await using var database = await server.CreateDatabaseAsync();
        var (stale, holder) = (new LedgerHost(database), new LedgerHost(database));
        var run = await stale.BeginAsync(Monday);
        await stale.DieAsync(run);
        (await holder.StartAsync(Monday)).Decision.ShouldBe(RunDecision.TakeOver);

        var exception = await Should.ThrowAsync<EtlException>(() => WriteAsync(stale.Ledger, run, write));

        exception.Error.Code.ShouldBe(ErrorCode.LeaseLost);
        await WriteAsync(holder.Ledger, run, write);
    }

    [Fact]
    public async Task The_step_that_tells_of_a_failure_is_recorded_after_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.Ledger.FailAsync(run, RunStatus.TimedOut, SomeFault, default);

        await host.Ledger.RecordStepAsync(run, Staged with { Step = Step.Notify }, default);

        (await host.Ledger.FindAsync(run, default))!.Steps.Single().Step.ShouldBe(Step.Notify);
    }

    private static Task WriteAsync(RunLedger ledger, RunId run, string write) =>
        write switch
        {
            "step" => ledger.RecordStepAsync(run, Staged, default),
            "files" => ledger.RecordFilesAsync(run, [], default),
            "tests" => ledger.RecordTestsAsync(run, [new DataTestResult("a", Severity.Warn, 1, "b")], default),
            "exports" => ledger.RecordExportsAsync(run, [], "file:///manifest.json", default),
            "fail" => ledger.FailAsync(run, RunStatus.Failed, SomeFault, default),
            "finish" => ledger.FinishAsync(run, default),
            _ => throw new ArgumentException(write, nameof(write)),
        };
}
