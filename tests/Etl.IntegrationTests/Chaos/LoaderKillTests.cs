using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Parts;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>
/// 64 parts, loaded by the process that leads the run and three that help it. One of the four is killed by SIGKILL at a random
/// time; the others, or a rerun, leave what one process alone leaves. ETL_KILLS is the number of kills.
/// </summary>
public sealed class LoaderKillTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Helpers = 3;

    private static readonly string[] InParts =
    [
        "--Etl:Files:Orders:Parts=All",
        "--Etl:Files:Shipments:Parts=All",
        "--Etl:Files:Orders:Names:0=orders_*.csv",
        "--Etl:Files:Shipments:Names:0=shipments_*.csv",
    ];

    private static readonly string[] Shared = [.. InParts, "--Etl:Run:Loaders=1", "--Etl:Run:LeaseSeconds=5"];

    [Fact]
    public Task A_killed_loader_or_leader_leaves_what_one_process_alone_leaves() =>
        TryAllAsync(source => Workplace.CreateAsync(server, source, migrated: true));

    /// <summary>The process alone has a plain server: the exports of both are compared.</summary>
    [Fact]
    public Task A_killed_loader_or_leader_on_a_cluster_leaves_what_one_process_alone_leaves_on_a_plain_server() =>
        TryAllAsync(async source =>
        {
            var place = Workplace.On(await CitusCluster.CreateDatabaseAsync(), source);
            (await EtlProcess.RunAsync(place.Folder, "migrate", "--connection", place.Connection)).ExitCode.ShouldBe(0);
            return place;
        });

    private async Task TryAllAsync(Func<string, Task<Workplace>> createAsync)
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["source"], Orders: 20_000, DirtyPercent: 0.3m), default);
        SplitFile.Replace(Path.Combine(folder["source"], "orders.csv"), 64, "orders_");
        SplitFile.Replace(Path.Combine(folder["source"], "shipment_deliveries.csv"), 64, "shipments_");
        await using var alone = await Workplace.CreateAsync(server, folder["source"], migrated: true);
        var undisturbed = await alone.RunAsync(InParts);
        undisturbed.ExitCode.ShouldBe(0, undisturbed.Error);
        var expected = await TracesAsync(alone);

        var chance = new Random(20250630);
        var kills = Enumerable
            .Range(0, Count(usual: 4))
            .Select(i => (Victim: i % (Helpers + 1), After: TimeSpan.FromMilliseconds(chance.Next(1500))))
            .ToList();
        var found = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            kills,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (kill, _) =>
                found.Add(await TryAsync(createAsync, folder["source"], kill.Victim, kill.After, expected))
        );

        foreach (var line in found.Order(StringComparer.Ordinal))
        {
            output.WriteLine(line);
        }

        found.Where(f => !f.EndsWith("right", StringComparison.Ordinal)).ShouldBeEmpty();
        found.ShouldContain(f => f.Contains("killed during the load"));
    }

    private static async Task<string> TryAsync(
        Func<string, Task<Workplace>> createAsync,
        string source,
        int victim,
        TimeSpan after,
        SortedDictionary<string, string> expected
    )
    {
        await using var place = await createAsync(source);
        var when = "killed too late";
        var leading = EtlProcess.RunAsync(place.Folder, p => KillAsync(p, 0), place.RunLine(Shared));
        await Until.TrueAsync(
            () => place.QueryAsync<bool>("select exists (select from etl.runs where lease_owner is not null)"),
            "The run did not begin."
        );
        string[] line = ["load", "--connection", place.Connection, "--source", source, "--json", .. Shared];
        var helping = Enumerable
            .Range(1, Helpers)
            .Select(i => EtlProcess.RunAsync(place.Folder, p => KillAsync(p, i), line))
            .ToList();

        var led = await leading;
        if (led.ExitCode != 0)
        {
            led = await place.RunAsync(Shared);
        }

        var helped = await Task.WhenAll(helping);
        var wrong = led.ExitCode == 0 ? [] : new List<string> { led.Error };
        // A helper that starts when the run has ended finds none.
        wrong.AddRange(helped.Where(h => h.ExitCode is not (0 or 2 or 137)).Select(h => h.Error));
        wrong.AddRange(Traces.Differences(expected, await TracesAsync(place)));
        var loaders = await place.QueryAsync<long>("select count(distinct claimed_by) from etl.run_parts");
        var name = victim == 0 ? "leader" : "helper";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {when} after {after.TotalMilliseconds:0} ms, {loaders} loaders: {(wrong.Count == 0 ? "right" : string.Join(", ", wrong))}"
        );

        async Task KillAsync(Process process, int number)
        {
            if (number == victim)
            {
                await ClaimedAsync(process);
                await Task.Delay(after);
                if (!process.HasExited)
                {
                    when = await IsLoadingAsync() ? "killed during the load" : "killed after the load";
                    process.Kill();
                }
            }
        }

        Task ClaimedAsync(Process process) =>
            Until.TrueAsync(
                async () =>
                    process.HasExited
                    || await place.QueryAsync<bool>(
                        "select exists (select from etl.run_parts where claimed_by is not null)"
                    ),
                "No part was claimed."
            );

        Task<bool> IsLoadingAsync() =>
            place.QueryAsync<bool>("select exists (select from etl.run_parts where result is null)");
    }

    /// <summary>Without the tables of the run: a loader that reads all rows also computes rollups, several loaders do not.</summary>
    private static async Task<SortedDictionary<string, string>> TracesAsync(Workplace place)
    {
        var traces = await Traces.OfAsync(place);
        traces.Remove(Traces.RunTables).ShouldBeTrue();
        return traces;
    }

    private static int Count(int usual) =>
        Environment.GetEnvironmentVariable("ETL_KILLS") is { Length: > 0 } count
            ? int.Parse(count, CultureInfo.InvariantCulture)
            : usual;
}
