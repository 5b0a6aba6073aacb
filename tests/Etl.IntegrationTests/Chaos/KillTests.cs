using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>
/// A run that is killed by SIGKILL at any point and started again leaves the same bytes as an undisturbed run. ETL_KILLS is
/// the number of kills: first at every named point, then at random times.
/// </summary>
public sealed class KillTests(PostgresServer server, ITestOutputHelper output)
{
    private const string Run = "20250630-001";
    private static readonly string RunFolder = $"analytics_export/business_date={Workplace.Day}/run={Run}";

    /// <summary>Files of the lake at whose first sight the run is killed.</summary>
    private static readonly string[] Files =
    [
        $"{RunFolder}/agg_public_holiday.csv",
        $"{RunFolder}/manifest.json",
        "analytics_export/latest/agg_public_holiday.csv",
        "analytics_export/latest/manifest.json",
        "analytics_export/latest/report.html",
        "mail",
    ];

    /// <summary>Start and end of each step; these break points come first.</summary>
    private static readonly int Boundaries = 2 * Enum.GetValues<Step>().Length;

    [Fact]
    public async Task A_killed_run_that_is_started_again_leaves_what_an_undisturbed_run_leaves()
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["source"], Orders: 20_000, DirtyPercent: 0.3m), default);
        var (expected, duration) = await UndisturbedAsync(folder["source"]);
        var points = Points(duration).Take(Count(Boundaries + 4)).ToList();

        var found = new ConcurrentBag<Kill>();
        await Parallel.ForEachAsync(
            points,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (point, _) => found.Add(await TryAsync(folder["source"], point, expected))
        );

        output.WriteLine(
            $"{found.Count} kills; an undisturbed run, once begun, took {duration.TotalMilliseconds:0} ms"
        );
        foreach (var kills in found.GroupBy(k => k.LastLine).OrderByDescending(g => g.Count()))
        {
            output.WriteLine($"{kills.Count(), 4} after: {kills.Key}");
        }

        found.Where(k => k.Wrong.Count > 0).Select(k => $"{k.Name}: {string.Join(", ", k.Wrong)}").ShouldBeEmpty();
        found.Count(k => k.Killed).ShouldBeGreaterThanOrEqualTo(Boundaries);
    }

    private async Task<(SortedDictionary<string, string> Traces, TimeSpan Duration)> UndisturbedAsync(string source)
    {
        await using var place = await Workplace.CreateAsync(server, source, migrated: true);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var duration = await place.QueryAsync<TimeSpan>("select finished_at - started_at from etl.runs");
        (await place.QueryAsync<long>("select count(*) from etl.quarantine")).ShouldBeGreaterThan(0);
        return (await Traces.OfAsync(place), duration);
    }

    private static IEnumerable<(string Name, Wait Wait, BreakPoint? BreakPoint)> Points(TimeSpan duration)
    {
        var named = BreakPoint
            .All.Select(m =>
                (m.Name, Wait: (Wait)((_, process, brake) => brake!.ReachedAsync(process)), (BreakPoint?)m)
            )
            .Concat(
                Files.Select(f =>
                    ($"at {f}", (Wait)((place, process, _) => SeenAsync(place, f, process)), (BreakPoint?)null)
                )
            )
            .ToList();
        // A fixed seed; the points still differ with the speed of the machine.
        var chance = new Random(20250630);
        for (var i = 0; ; i++)
        {
            if (i < named.Count)
            {
                yield return named[i];
            }

            if (i >= Boundaries)
            {
                var after = duration * chance.NextDouble();
                var name = string.Create(CultureInfo.InvariantCulture, $"after {after.TotalMilliseconds:0} ms");
                // Every fourth counts from the process's start, the others from the run's.
                var fromStart = i % 4 == 0;
                yield return (
                    name,
                    async (place, process, _) =>
                    {
                        await (fromStart ? Task.CompletedTask : BegunAsync(place, process));
                        await Task.Delay(after);
                    },
                    null
                );
            }
        }
    }

    private async Task<Kill> TryAsync(
        string source,
        (string Name, Wait Wait, BreakPoint? BreakPoint) point,
        SortedDictionary<string, string> expected
    )
    {
        await using var place = await Workplace.CreateAsync(server, source, migrated: point.BreakPoint is not null);
        EtlProcess killed;
        await using (var brake = point.BreakPoint is { } at ? await Brake.SetAsync(place.Database, at) : null)
        {
            killed = await EtlProcess.RunAsync(
                place.Folder,
                async process =>
                {
                    await point.Wait(place, process, brake);
                    process.Kill();
                },
                place.RunLine()
            );
        }

        var again = await place.RunAsync();
        var wrong =
            again.ExitCode == 0 ? [] : new List<string> { $"the rerun ended with {again.ExitCode}: {again.Error}" };
        wrong.AddRange(Traces.Differences(expected, await Traces.OfAsync(place)));
        if (Directory.GetFiles(Path.Combine(place.Lake, "mail"), "*success*").Length != 1)
        {
            wrong.Add("not exactly one success message");
        }

        return new Kill(point.Name, killed.ExitCode == 137, LastLine(killed.Error), wrong);
    }

    private static Task BegunAsync(Workplace place, Process process) =>
        Until.TrueAsync(
            async () =>
                process.HasExited
                || await place.QueryAsync<bool>("select to_regclass('etl.runs') is not null")
                    && await place.QueryAsync<bool>("select exists (select from etl.runs)"),
            "The run did not begin."
        );

    private static Task SeenAsync(Workplace place, string file, Process process)
    {
        var path = Path.Combine(place.Lake, file);
        return Until.TrueAsync(
            () => Task.FromResult(process.HasExited || Path.Exists(path)),
            $"{file} did not appear."
        );
    }

    /// <summary>The last step in the output, without its figures.</summary>
    private static string LastLine(string error) =>
        error.TrimEnd().Split('\n')[^1].Split(' ') is [_, var step, .. var rest]
            ? $"{step} {(rest.Contains("...") ? "began" : "ended")}"
            : "no output";

    private static int Count(int usual) =>
        Environment.GetEnvironmentVariable("ETL_KILLS") is { Length: > 0 } count
            ? int.Parse(count, CultureInfo.InvariantCulture)
            : usual;

    private delegate Task Wait(Workplace place, Process process, Brake? brake);

    private sealed record Kill(string Name, bool Killed, string LastLine, IReadOnlyList<string> Wrong);
}
