using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>
/// A database with three runs: one successful, one failed, and one with rejected rows. Product names would break a page
/// that does not encode them.
/// </summary>
public sealed class ReportedShop(PostgresServer server) : IAsyncLifetime
{
    /// <summary>Markup, a script, an entity, right-to-left text with an override, and an emoji.</summary>
    public const string HostileName = "<script>alert('x')</script><b>&amp; \u202e\u05e9\u05dc\u05d5\u05dd \U0001f381";

    private Workplace? place;

    internal Workplace Place => place!;

    public string Page => Of("2025-06-30", "20250630-001");

    public string FailedPage => Of("2025-06-29", "20250629-001");

    public string Latest => Path.Combine(Place.Lake, "analytics_export", "latest", "report.html");

    public async ValueTask InitializeAsync()
    {
        place = await Workplace.CreateAsync(server);
        var before = Path.Combine(place.Folder, "before");
        SampleWriter.Write(
            new SampleOptions(before, Orders: 1900, LastDay: new DateOnly(2025, 6, 28)),
            CancellationToken.None
        );
        SampleWriter.Write(new SampleOptions(place.Source, Orders: 2000, DirtyPercent: 0.4m), CancellationToken.None);
        await RenameProductsAsync(place.SourceFile("dim_products.csv"));
        (await place.RunAsync("--source", before, "--date", "2025-06-28")).ExitCode.ShouldBe(0);
        (await place.RunAsync("--date", "2025-06-29", "--Etl:Quality:MaxRejectedRows=0")).ExitCode.ShouldBe(4);
        var run = await place.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("report").GetString().ShouldBe(new Uri(Page).AbsoluteUri);
    }

    public ValueTask DisposeAsync() => place?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Of(string day, string run) =>
        Path.Combine(Place.Lake, "analytics_export", $"business_date={day}", $"run={run}", "report.html");

    private static async Task RenameProductsAsync(string path)
    {
        var lines = await File.ReadAllLinesAsync(path);
        var renamed = lines.Skip(1).Select(l => l.Split(',')).Select(f => $"{f[0]},{f[1]},{HostileName} {f[0]}");
        await File.WriteAllLinesAsync(path, renamed.Prepend(lines[0]));
    }
}
