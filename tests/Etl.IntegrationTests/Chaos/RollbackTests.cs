using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>A rollback of a bad day, from the first attempt to the corrected day, and at every point where it can die.</summary>
public class RollbackTests(PostgresServer server)
{
    private const string Bad = "2025-07-01";
    private const string First = "20250630-001";
    private const string Rollback = "20250630-002";

    [Fact]
    public async Task A_rollback_leaves_what_the_earlier_run_left_and_says_so()
    {
        await using var place = await Workplace.CreateAsync(server);
        var (good, _) = await PublishBadDayAsync(place, times: 2);

        var rollback = await RollBackAsync(place, First);

        rollback.ExitCode.ShouldBe(0, rollback.Error);
        Traces.Differences(good, await Traces.DataOfAsync(place)).ShouldBeEmpty();
        (await StatusesAsync(place)).ShouldBe([
            "(20250630-001,manual,superseded)",
            "(20250630-002,rollback,succeeded)",
            "(20250701-001,manual,rolled_back)",
            "(20250701-002,manual,rolled_back)",
        ]);
        var manifest = $"analytics_export/business_date=2025-06-30/run={Rollback}/manifest.json";
        (
            await File.ReadAllTextAsync(Path.Combine(place.Lake, manifest), TestContext.Current.CancellationToken)
        ).ShouldContain($"\"restoredRunId\": \"{First}\"");
        var message = await File.ReadAllTextAsync(
            Directory.GetFiles(Path.Combine(place.Lake, "mail"), $"*{Rollback}*").Single(),
            TestContext.Current.CancellationToken
        );
        message.ShouldContain($"Rollback: readers see the rows of run {First} again.");
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("etl run --date 2025-07-01 --force");
    }

    [Fact]
    public async Task A_day_that_was_rolled_back_runs_again_only_by_force()
    {
        await using var place = await Workplace.CreateAsync(server);
        var (_, bad) = await PublishBadDayAsync(place);
        (await RollBackAsync(place, First)).ExitCode.ShouldBe(0);

        var retried = await place.RunAsync("--date", Bad);

        retried.ExitCode.ShouldBe(0);
        retried.Out.ShouldContain("\"status\": \"already_done\"");
        (await place.QueryAsync<long>("select count(*) from etl.runs")).ShouldBe(3);
        (await place.RunAsync("--date", Bad, "--force", "--accept-shrunk", "orders")).ExitCode.ShouldBe(0);
        Traces.Differences(bad, await Traces.DataOfAsync(place)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_rollback_to_the_same_run_changes_nothing()
    {
        await using var place = await Workplace.CreateAsync(server);
        await PublishBadDayAsync(place);
        (await RollBackAsync(place, First)).ExitCode.ShouldBe(0);
        var before = await Traces.OfAsync(place);

        var again = await RollBackAsync(place, First);

        again.ExitCode.ShouldBe(0, again.Error);
        again.Out.ShouldContain("\"status\": \"already_done\"");
        Traces.Differences(before, await Traces.OfAsync(place)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rejected_rows_of_a_restored_run_can_be_corrected()
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["source"], Orders: 2000, DirtyPercent: 1), default);
        await using var place = await Workplace.CreateAsync(server, folder["source"]);
        string[] dirty = ["--Etl:Quality:MaxRejectedPercent=5"];
        (await place.RunAsync(dirty)).ExitCode.ShouldBe(0);
        (await place.RunAsync(["--date", Bad, .. dirty])).ExitCode.ShouldBe(0);
        (await RollBackAsync(place, First)).ExitCode.ShouldBe(0);
        var rejected = await place.QueryAsync<long>(
            $"select count(*) from etl.quarantine where run_id = '{Rollback}' and dataset = 'orders'"
        );
        rejected.ShouldBeGreaterThan(0);
        var rows = await place.QueryAsync<long>("select count(*) from staging.orders");
        await File.WriteAllTextAsync(
            folder["orders.csv"],
            "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n99999999,1,2025-06-01,1,2.00,1,2.00\n",
            TestContext.Current.CancellationToken
        );

        var replay = await EtlProcess.RunAsync(
            place.Folder,
            "quarantine",
            "replay",
            "--run",
            Rollback,
            "--dataset",
            "orders",
            "--from",
            folder["orders.csv"],
            "--lake",
            place.Lake,
            "--connection",
            place.Connection
        );

        replay.ExitCode.ShouldBe(0, replay.Error);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(rows + 1);
    }

    [Theory]
    [InlineData("as the pointer is moved", false)]
    [InlineData("as the publish commits", null)]
    [InlineData("as the exports are recorded", true)]
    [InlineData("as the message is queued", true)]
    public async Task A_killed_rollback_has_changed_all_or_nothing_and_is_completed_by_the_same_command(
        string point,
        bool? published
    )
    {
        await using var place = await Workplace.CreateAsync(server);
        var (good, bad) = await PublishBadDayAsync(place);
        EtlProcess killed;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.All.Single(p => p.Name == point)))
        {
            killed = await EtlProcess.RunAsync(
                place.Folder,
                async process =>
                {
                    await brake.ReachedAsync(process);
                    process.Kill();
                },
                Line(place, First)
            );
        }

        killed.ExitCode.ShouldBe(137, killed.Error);
        var seen = await place.RowsAsync("analytics.agg_shipments");
        if (published is not null)
        {
            // The server ends a commit that it has begun, whether or not the client lives.
            seen.Count.ShouldBe(published.Value ? 1 : 2);
        }

        var again = await RollBackAsync(place, First);

        again.ExitCode.ShouldBe(0, again.Error);
        Traces.Differences(good, await Traces.DataOfAsync(place)).ShouldBeEmpty();
        var messages = Directory.GetFiles(Path.Combine(place.Lake, "mail"), "20250630-*").Select(Path.GetFileName);
        messages.Count(m => m!.Contains("success") || m.Contains("recovered")).ShouldBe(2);
    }

    [Fact]
    public async Task What_cannot_be_restored_is_refused_with_the_reason_and_nothing_changes()
    {
        await using var place = await Workplace.CreateAsync(server);
        await PublishBadDayAsync(place);
        (
            await place.RunAsync(
                "--date",
                "2025-07-02",
                "--Etl:Quality:MaxRejectedPercent=0",
                "--source",
                await WithoutRowsAsync(place)
            )
        ).ExitCode.ShouldBe(3);
        var before = await Traces.OfAsync(place);

        await RefusesAsync("20250601-001", "Run 20250601-001 is not in the ledger.");
        await RefusesAsync("20250702-001", "it was not published");
        (await place.QueryAsync<long>("select count(*) from etl.starts where cause = 'usage'")).ShouldBe(0);
        (await RollBackAsync(place, First)).ExitCode.ShouldBe(0);
        before = await Traces.OfAsync(place);
        await RefusesAsync("20250701-001", "it was rolled back itself");
        (await place.RunAsync("--date", Bad, "--force", "--accept-shrunk", "orders")).ExitCode.ShouldBe(0);
        before = await Traces.OfAsync(place);
        await RefusesAsync(First, $"its tables are those of run {Rollback}");
        await place.QueryAsync<long>(
            $"alter table run_20250630_002.product_performance add column more int; select 1::bigint"
        );
        before = await Traces.OfAsync(place);
        await RefusesAsync(Rollback, "table product_performance had other columns then");
        await place.QueryAsync<long>(
            $"alter table run_20250630_002.product_performance drop column more; select 1::bigint"
        );
        (await place.RunAsync("--date", "2025-07-03", "--Etl:Run:KeepRuns=0")).ExitCode.ShouldBe(0);
        (await place.RunAsync("--date", "2025-07-04", "--Etl:Run:KeepRuns=0")).ExitCode.ShouldBe(0);
        before = await Traces.OfAsync(place);
        await RefusesAsync(Rollback, $"the tables of run {Rollback} are not kept any more");

        async Task RefusesAsync(string run, string reason)
        {
            var refused = await RollBackAsync(place, run);

            refused.ExitCode.ShouldBe(2, refused.Error);
            refused.Out.ShouldContain(reason);
            Traces
                .Differences(before, await Traces.OfAsync(place))
                .Where(d =>
                    !d.Contains("etl.runs")
                    && !d.Contains("etl.messages")
                    && !d.StartsWith("mail", StringComparison.Ordinal)
                    && !d.EndsWith(".html", StringComparison.Ordinal)
                )
                .ShouldBeEmpty();
        }
    }

    /// <summary>A good day, then a day whose orders lack half of their rows.</summary>
    /// <returns>What readers see of both.</returns>
    private static async Task<(
        SortedDictionary<string, string> Good,
        SortedDictionary<string, string> Bad
    )> PublishBadDayAsync(Workplace place, int times = 1)
    {
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var good = await Traces.DataOfAsync(place);
        var orders = await File.ReadAllLinesAsync(place.SourceFile("orders.csv"));
        await File.WriteAllLinesAsync(place.SourceFile("orders.csv"), orders.Take(orders.Length / 2));
        (await place.RunAsync("--date", Bad, "--accept-shrunk", "orders")).ExitCode.ShouldBe(0);
        for (var more = 1; more < times; more++)
        {
            (await place.RunAsync("--date", Bad, "--force", "--accept-shrunk", "orders")).ExitCode.ShouldBe(0);
        }

        var bad = await Traces.DataOfAsync(place);
        Traces.Differences(good, bad).ShouldNotBeEmpty();
        return (good, bad);
    }

    /// <summary>Files of a day whose orders have a header that is not one.</summary>
    private static async Task<string> WithoutRowsAsync(Workplace place)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place.Folder, "wrong")).FullName;
        foreach (var file in Directory.GetFiles(place.Source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "orders.csv"), "a,b\n1,2\n");
        return folder;
    }

    private static Task<EtlProcess> RollBackAsync(Workplace place, string run) =>
        EtlProcess.RunAsync(place.Folder, Line(place, run));

    private static string[] Line(Workplace place, string run) =>
        ["rollback", "--to", run, "--lake", place.Lake, "--connection", place.Connection, "--json"];

    private static async Task<List<string>> StatusesAsync(Workplace place) =>
        await place.RowsAsync("(select run_id, trigger, status from etl.runs)");
}
