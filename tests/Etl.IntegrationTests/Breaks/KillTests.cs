using System.Globalization;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Breaks;

public class KillTests(PostgresServer server)
{
    private const string Run = "20250630-001";

    public static TheoryData<string, int> Moments =>
        new()
        {
            { "extract ...", 0 },
            { "stage ...", 0 },
            { "stage ...", 60 },
            { "transform ...", 0 },
            { "transform ...", 90 },
            { "export ...", 0 },
            { "export ...", 30 },
            { "notify ...", 0 },
            { "notify ...", 15 },
        };

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task A_run_that_was_killed_is_finished_by_a_plain_rerun_and_leaves_the_same_bytes(
        string line,
        int milliseconds
    )
    {
        await using var undisturbed = await Workplace.CreateAsync(server);
        (await undisturbed.RunAsync("--source", undisturbed.Source)).ExitCode.ShouldBe(0);
        await using var work = await Workplace.CreateAsync(server);
        var args = work.RunLine("--source", undisturbed.Source);

        var killed = await BrokenRun.StartAsync(
            work.Folder,
            args,
            line,
            async process =>
            {
                // The moment of the kill is the point here: some way into the step.
                await Task.Delay(milliseconds);
                process.Kill();
            }
        );
        killed.Said.ShouldContain(line);
        if (milliseconds == 0)
        {
            killed.ExitCode.ShouldNotBe(0);
        }

        var rerun = await EtlProcess.RunAsync(work.Folder, args);

        rerun.ExitCode.ShouldBe(0, rerun.Error);
        var (expected, actual) = (undisturbed.Exported(Run), work.Exported(Run));
        actual.Keys.Order().ShouldBe(expected.Keys.Order());
        foreach (var (file, bytes) in expected)
        {
            actual[file].ShouldBe(bytes, $"{file} differs");
        }

        (await work.RowsAsync("analytics.product_performance")).ShouldBe(
            await undisturbed.RowsAsync("analytics.product_performance")
        );
        (await work.RowsAsync("staging.orders")).ShouldBe(await undisturbed.RowsAsync("staging.orders"));
        (await work.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(1);
        (await work.QueryAsync<long>("select count(*) from etl.runs where finished_at is not null")).ShouldBe(1);
        (await work.QueryAsync<long>("select count(*) from pg_namespace where nspname like 'run%'")).ShouldBe(1);
        (await work.QueryAsync<long>("select count(*) from etl.messages where sent_at is not null")).ShouldBe(1);
    }

    [Theory]
    [InlineData("stage ...")]
    [InlineData("transform ...")]
    [InlineData("export ...")]
    public async Task Connections_that_are_cut_are_made_again(string line)
    {
        await using var work = await Workplace.CreateAsync(server);
        var ended = await BrokenRun.StartAsync(
            work.Folder,
            work.RunLine(),
            line,
            async _ =>
                await work.QueryAsync<long>(
                    """
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where datname = current_database() and application_name = 'etl'
                    """
                )
        );

        ended.ExitCode.ShouldBe(0, ended.Said);
        (await work.QueryAsync<string>("select status from etl.runs")).ShouldBe("succeeded");
        (await work.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
    }

    [Fact]
    public async Task Of_many_processes_at_once_one_runs_and_one_message_goes_out()
    {
        await using var work = await Workplace.CreateAsync(server);
        var processes = int.TryParse(
            Environment.GetEnvironmentVariable("ETL_TEST_PROCESSES"),
            CultureInfo.InvariantCulture,
            out var n
        )
            ? n
            : 8;

        var ended = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => work.RunAsync()));

        var statuses = ended.Select(e => e.Json.GetProperty("status").GetString()).ToList();
        statuses.Count(s => s == "succeeded").ShouldBe(1);
        statuses.ShouldAllBe(s => s == "succeeded" || s == "in_progress" || s == "already_done");
        (await work.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(1);
        (await work.QueryAsync<long>("select count(*) from etl.messages")).ShouldBe(1);
    }
}
