using System.Diagnostics;
using System.Globalization;
using Etl.Hosts.Console.Samples;
using Etl.TestKit;

namespace Etl.Benchmarks;

/// <summary>
/// Starts the published Lambda host repeatedly behind a Runtime API, each time with a new database, and prints medians:
/// milliseconds from the start of the process to its first request for an invocation (initialization) and to its first
/// response (a day of 2,000 orders), milliseconds of a second day in the warm process, and peak memory.
/// </summary>
internal static class ColdStart
{
    public static async Task<int> RunAsync(string program, string rounds)
    {
        await using var server = new PostgresServer();
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["source"], Orders: 2000), CancellationToken.None);
        var all = new List<double[]>();
        for (var round = 0; round < int.Parse(rounds, CultureInfo.InvariantCulture); round++)
        {
            all.Add(await MeasureAsync(Path.GetFullPath(program), server, folder));
        }

        string[] columns = ["initialized ms", "first response ms", "second response ms", "peak MB"];
        for (var i = 0; i < columns.Length; i++)
        {
            var sorted = all.Select(r => r[i]).Order().ToList();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{columns[i], -19} {sorted[sorted.Count / 2], 6:0}   ({sorted[0]:0} to {sorted[^1]:0})"
                )
            );
        }

        return 0;
    }

    private static async Task<double[]> MeasureAsync(string program, PostgresServer server, TempFolder folder)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var api = new RuntimeApiServer();
        var first = api.InvokeAsync("""{"date":"2025-06-29"}""");
        var start = new ProcessStartInfo(Path.Combine(program, "Etl.Hosts.Lambda"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["AWS_LAMBDA_RUNTIME_API"] = api.Endpoint,
                ["ETL__SOURCE__URI"] = folder["source"],
                ["ETL__LAKE__URI"] = folder[Path.GetRandomFileName()],
                ["ETL__POSTGRES__CONNECTIONSTRING"] = database.ConnectionString,
            },
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        await api.Ready;
        var initialized = watch.Elapsed;
        Check(await first);
        var responded = watch.Elapsed;
        watch.Restart();
        Check(await api.InvokeAsync("""{"date":"2025-06-30"}"""));
        var second = watch.Elapsed;
        process.Refresh();
        var peak = process.PeakWorkingSet64 / 1048576.0;
        process.Kill();
        await process.WaitForExitAsync();
        return [initialized.TotalMilliseconds, responded.TotalMilliseconds, second.TotalMilliseconds, peak];
    }

    private static void Check(RuntimeAnswer answer)
    {
        if (!answer.Succeeded)
        {
            throw new InvalidOperationException(answer.Body);
        }
    }
}
