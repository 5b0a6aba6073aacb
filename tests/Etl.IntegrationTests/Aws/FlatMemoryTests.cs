using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Etl.Domain.Runs;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>Copies an object that is far larger than the allowed memory from and to a bucket.</summary>
public sealed class FlatMemoryTests(MotoServer moto, ITestOutputHelper output)
{
    private const int Size = 200_000_000;

    /// <summary>Limit of the process's peak memory; a process that buffers the object needs 200 MB more than its baseline.</summary>
    private const int MostMegabytes = 180;
    private const string Variable = "ETL_TEST_BUCKET";

    [Fact]
    public async Task Two_hundred_megabytes_are_read_and_written_in_constant_memory()
    {
        await using var bucket = await Bucket.CreateAsync(moto);
        var bytes = new byte[Size];
        new Random(5).NextBytes(bytes);
        await bucket.PutAsync("in/orders.csv", bytes);

        var peak = await ProbeAsync(bucket);

        output.WriteLine($"peak {peak} MB");
        peak.ShouldBeInRange(20, MostMegabytes);
        var hash = await SHA256.HashDataAsync(
            (await bucket.Client.GetObjectAsync(bucket.Name, "lake/x.csv")).ResponseStream
        );
        hash.ShouldBe(SHA256.HashData(bytes));
    }

    /// <summary>Runs in a separate process of this program, started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Probe()
    {
        var name = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(name is null, "Only run by the test above.");
        var (endpoint, bucket) = (new Uri(name.Split('|')[0]), name.Split('|')[1]);
        await using var place = Bucket.Of(endpoint, bucket);
        place.Timeout = 60;
        var source = place.Source();
        var file = await source.FindAsync(BusinessDate.Parse("2025-06-30"), ["orders.csv"], default);
        await using var stream = await source.OpenAsync(file!, default);
        await place.Lake().WriteOnceAsync("x.csv", stream.CopyToAsync, default);
        var peak = (await File.ReadAllLinesAsync("/proc/self/status")).Single(l =>
            l.StartsWith("VmHWM", StringComparison.Ordinal)
        );
        await File.WriteAllTextAsync(
            Environment.GetEnvironmentVariable(Variable + "_OUT")!,
            new string([.. peak.Where(char.IsAsciiDigit)])
        );
    }

    private static async Task<int> ProbeAsync(Bucket bucket)
    {
        using var folder = new TempFolder();
        var answer = folder["peak"];
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                typeof(FlatMemoryTests).Assembly.Location,
                "-explicit",
                "only",
                "-method",
                $"{typeof(FlatMemoryTests).FullName}.{nameof(Probe)}",
            },
            Environment = { [Variable] = $"{bucket.Moto}|{bucket.Name}", [Variable + "_OUT"] = answer },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Exists(answer).ShouldBeTrue(output);
        return int.Parse(await File.ReadAllTextAsync(answer), CultureInfo.InvariantCulture) / 1024;
    }
}
