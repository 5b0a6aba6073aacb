using System.Diagnostics;
using System.Text.RegularExpressions;
using Etl.Application.Runs;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>A run that receives a signal or reaches its deadline stops, records it and sends a message.</summary>
public sealed class StopTests(PostgresServer server)
{
    [Theory]
    [InlineData("TERM", "in the middle of a load")]
    [InlineData("INT", "in the middle of a load")]
    [InlineData("TERM", "as extract begins")]
    [InlineData("TERM", "as the analytics are computed")]
    [InlineData("INT", "as the run becomes succeeded")]
    public async Task A_signal_ends_a_run_with_exit_code_8_and_nothing_published(string signal, string point)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        EtlProcess run;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.All.Single(m => m.Name == point)))
        {
            run = await EtlProcess.RunAsync(
                place.Folder,
                async process =>
                {
                    await brake.ReachedAsync(process);
                    await SignalAsync(process, signal);
                },
                place.RunLine()
            );
        }

        run.ShouldFail(8, "stopped on request");
        run.Json.GetProperty("status").GetString().ShouldBe("cancelled");
        await ShouldHaveToldAsync(place, "cancelled");
        await place.ShouldRecoverAsync(server);
    }

    [Fact]
    public async Task A_run_stops_before_its_deadline_and_sends_a_message()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var clock = new ManualClock();
        await using var host = new Hosted(place, change: s => s.AddSingleton<TimeProvider>(clock));
        RunSummary summary;
        var deadline = clock.GetUtcNow().AddHours(1);
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            var running = Task.Run(() => host.RunAsync(deadline: deadline));
            await brake.ReachedAsync();
            clock.Ring();
            summary = await running;
        }

        summary.Status.ShouldBe(SummaryStatus.TimedOut);
        summary.ExitCode.ShouldBe(8);
        clock.GetUtcNow().ShouldBeLessThan(deadline);
        await ShouldHaveToldAsync(place, "timed_out");
        await place.ShouldRecoverAsync(server);
    }

    private static async Task ShouldHaveToldAsync(Workplace place, string status)
    {
        await place.ShouldHaveNothingPublishedAsync();
        (await place.RowsAsync("(select status, error_code is null, lease_owner from etl.runs)")).ShouldBe([
            $"({status},f,)",
        ]);
        (await place.QueryAsync<long>("select count(*) from pg_namespace where nspname ~ '^run_'")).ShouldBe(0);
        var mail = Directory.GetFiles(Path.Combine(place.Lake, "mail")).ShouldHaveSingleItem();
        Path.GetFileName(mail).ShouldBe("20250630-001.failure.eml");
        Regex.IsMatch(await File.ReadAllTextAsync(mail), "was cancelled|timed out").ShouldBeTrue();
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
