using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>The real snapshots that this system began with, where they lie beside the checkout; they carry no licence.</summary>
public sealed class RealDataTests(PostgresServer server)
{
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["agg_public_holiday"] = "2022-09-05,20,0,16,20,0,0,0,18,0,16,12,0",
        ["agg_shipments"] = "2022-09-05,175,6586",
        ["best_performing_product"] =
            "2022-09-05,Scooter,2022-01-06,false,967,17.15,20.39,17.80,21.68,22.98,95.59,4.41",
    };

    [Fact]
    public async Task The_real_files_give_the_known_rows()
    {
        var data = Find();
        await using var place = await Workplace.CreateAsync(server);
        string[] real = ["--source", data, "--date", "2022-09-05"];
        var run = await place.RunAsync(real);
        run.ExitCode.ShouldBe(0, run.Error);
        var read = run.Json.GetProperty("sources").EnumerateArray().Select(s => s.GetProperty("loaded").GetInt64());
        read.ShouldBe([10_000, 7_236, 10_000]);
        foreach (var (table, row) in Expected)
        {
            var csv = await File.ReadAllLinesAsync(
                Path.Combine(place.Lake, "analytics_export", "latest", $"{table}.csv")
            );
            csv.Length.ShouldBe(2);
            csv[1].ShouldBe(row);
            var inDatabase = (await place.RowsAsync($"analytics.{table}")).ShouldHaveSingleItem();
            inDatabase.ShouldBe($"({row.Replace(",false,", ",f,", StringComparison.Ordinal)})");
        }

        var again = await place.RunAsync(real);
        again.ExitCode.ShouldBe(0);
        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
    }

    private static string Find()
    {
        var data = Path.Combine(Repository.Root, "..", "shared", "data", "d2b");
        if (!Directory.Exists(data))
        {
            Assert.Skip("The real files do not lie beside this checkout: ../shared/data/d2b is absent.");
        }

        return Path.GetFullPath(data);
    }
}
