using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>Causes that need a second day: each ends the run with its exit code, and its document fits the schema.</summary>
public sealed class ExitCodeTests(PostgresServer server)
{
    private const string Next = "2025-07-01";

    [Theory]
    [InlineData(3, "source_unchanged", "", "--Etl:Quality:OnUnchanged=Fail")]
    [InlineData(3, "source_shrunk", "shrink", "--Etl:Quality:OnShrunk=Fail")]
    [InlineData(4, "reject_limit", "invalid rows", "--Etl:Quality:MaxRejectedRows=0")]
    [InlineData(6, "lake_conflict", "plant", "--force")]
    public async Task A_cause_has_its_exit_code(int exitCode, string code, string damage, string option)
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        await DamageAsync(place, damage);
        var run = await place.RunAsync("--date", Next, option);
        run.ExitCode.ShouldBe(exitCode, run.Error);
        run.Json.GetProperty("exitCode").GetInt32().ShouldBe(exitCode);
        run.Json.GetProperty("status").GetString().ShouldBe(exitCode == 6 ? "export_pending" : "failed");
        run.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        JsonSchema.OfDocs.Violations("run", run.Json).ShouldBeEmpty(run.Out);
    }

    private static async Task DamageAsync(Workplace place, string damage)
    {
        var orders = place.SourceFile("orders.csv");
        switch (damage)
        {
            case "shrink":
                await File.WriteAllLinesAsync(orders, File.ReadLines(orders).Take(100).ToList());
                break;
            case "invalid rows":
                await File.AppendAllTextAsync(orders, "no,order,at,all\n");
                break;
            case "plant":
                var folder = Path.Combine(place.Lake, "analytics_export", $"business_date={Next}", "run=20250701-001");
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, "agg_shipments.csv"), "of another\n");
                break;
        }
    }
}
