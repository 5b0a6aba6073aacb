using System.Collections.Concurrent;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Lost connections and a restart of the server at a chosen point of a run.</summary>
public sealed class CutTests(PostgresServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task A_run_survives_a_lost_connection_at_any_point()
    {
        await Recovery.UndisturbedAsync(server);
        var found = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            BreakPoint.All,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (point, _) => found.Add(await TryAsync(point))
        );
        found.Order(StringComparer.Ordinal).ToList().ForEach(output.WriteLine);
        found.Where(f => f.Contains("FAILED", StringComparison.Ordinal)).ShouldBeEmpty();
        found.Count.ShouldBe(BreakPoint.All.Count);
    }

    [Fact]
    public async Task A_run_survives_a_restart_of_the_server_during_a_load()
    {
        CitusCluster.Excludes("its servers belong to whoever started them");
        await using var own = new PostgresServer();
        await using var place = await Workplace.CreateAsync(own, migrated: true);
        await using var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad);
        var run = await EtlProcess.RunAsync(
            place.Folder,
            async process =>
            {
                await brake.ReachedAsync(process);
                await own.RestartAsync();
            },
            place.RunLine("--Etl:Run:Retries=9")
        );
        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Retrying in");
        place.Database.DataSource.Clear();
        await place.ShouldHoldTheDayAsync(server);
        (await place.RowsAsync("(select run_id, attempts from etl.runs)")).ShouldBe(["(20250630-001,1)"]);
    }

    private async Task<string> TryAsync(BreakPoint point)
    {
        try
        {
            return await CutAsync(point);
        }
        catch (Exception exception)
        {
            return $"cut {point.Name}: FAILED, {exception.Message}";
        }
    }

    /// <summary>The run succeeds by a retry, or fails with an error and the rerun succeeds.</summary>
    private async Task<string> CutAsync(BreakPoint point)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = new Hosted(place);
        RunSummary summary;
        await using (var brake = await Brake.SetAsync(place.Database, point))
        {
            var running = Task.Run(() => host.RunAsync());
            await brake.ReachedAsync();
            await place.QueryAsync<long>(
                $"""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name = '{Hosted.Name}' and datname = current_database()
                """
            );
            await brake.DisposeAsync();
            summary = await running;
        }

        if (summary.Status != SummaryStatus.Succeeded)
        {
            summary.Error!.Code.ShouldBe(ErrorCode.DatabaseUnreachable, point.Name);
            summary.Error.Retryable.ShouldBeTrue(point.Name);
            (await host.RunAsync()).Status.ShouldBeOneOf(
                [SummaryStatus.Succeeded, SummaryStatus.AlreadyDone],
                point.Name
            );
        }

        await place.ShouldHoldTheDayAsync(server);
        (await place.QueryAsync<long>("select count(*) from etl.messages where outcome = 'success'")).ShouldBe(1);
        return $"cut {point.Name}: {summary.Status}";
    }
}
