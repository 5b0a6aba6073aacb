using System.Text.Json;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>What a month costs, against sums that were done by hand.</summary>
public sealed class CostTests(PostgresServer server)
{
    [Fact]
    public async Task A_month_is_summed_from_what_its_runs_measured()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var run = await place.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        (await place.QueryAsync<long>("select duration_ms from etl.runs")).ShouldBeGreaterThan(0);
        (await place.QueryAsync<long>("select peak_memory_bytes from etl.runs")).ShouldBeGreaterThan(10_000_000);
        (await place.RunAsync("--force")).ExitCode.ShouldBe(0);
        (await place.RunAsync("--force")).ExitCode.ShouldBe(0);
        // Two runs in March, of 2.0 s in one start and of 1.5 s in two; the third is April's, by a second.
        await ExecuteAsync(
            place,
            """
            update etl.runs set
              started_at = (array['2026-03-01 00:00:00+00', '2026-03-31 23:59:59+00', '2026-04-01 00:00:00+00'])[number]::timestamptz,
              duration_ms = (array[2000, 1500, 9000])[number],
              attempts = (array[1, 2, 1])[number];
            update etl.run_exports set bytes = 1024 * 1024 * 256 / (select count(*) from etl.run_exports e where e.run_id = etl.run_exports.run_id)
            """
        );

        var month = await CostAsync(place, "--month", "2026-03", "--json");

        month.ExitCode.ShouldBe(0, month.Error);
        month.Json.GetProperty("month").GetString().ShouldBe("2026-03");
        month.Json.GetProperty("runs").GetInt32().ShouldBe(2);
        Item("Lambda, time").ShouldBe((3.5m, 0.0000583334500m)); // 3.5 s x 1 GB x 0.0000166667
        Item("Lambda, requests").ShouldBe((3m, 0.0000006m)); // 3 x 0.0000002
        Item("EventBridge schedule").ShouldBe((3m, 0.000003m)); // 3 x 0.000001
        Item("SNS, messages").ShouldBe((2m, 0.000001m)); // 2 x 0.0000005
        Item("SNS, mail").ShouldBe((2m, 0.00004m)); // 2 x 1 address x 0.00002
        Item("S3, reads").ShouldBe((6m, 0.0000024m)); // 2 x 3 files x 0.0000004
        Item("S3, writes").ShouldBe((28m, 0.00014m)); // 2 x (6 tables + manifest) x 2 places x 0.000005
        Item("CloudWatch metrics").Amount.ShouldBe(0.0065753m, 0.0000001m); // 8 metrics x 2 hours of 730 x 0.30
        Item("ECR, images").Amount.ShouldBe(0.029296875m); // 300 MB of 1,024 x 0.10
        Item("S3, exports kept").Amount.ShouldBe(0.0115m, 0.0000001m); // 2 x 256 MB = 0.5 GB x 0.023
        Item("CloudWatch logs").Amount.ShouldBe(0.0000152587890625m); // 2 x 16 KB x 0.50 a GB
        month.Json.GetProperty("total").GetDecimal().ShouldBe(0.0476328m, 0.0000001m);

        var text = await CostAsync(place, "--month", "2026-03");
        text.Out.ShouldContain("2026-03: 2 runs, 0.047633 USD");
        text.Out.ShouldContain("Prices as of ");

        (decimal Quantity, decimal Amount) Item(string name)
        {
            var item = month.Json.GetProperty("items").EnumerateArray().Single(i => Name(i) == name);
            return (item.GetProperty("quantity").GetDecimal(), item.GetProperty("amount").GetDecimal());
        }
    }

    [Fact]
    public async Task Prices_are_settings_and_an_invalid_month_is_refused()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        string[] prices = ["--Etl:Cost:EcrGigabyteMonth=2", "--Etl:Cost:EcrMegabytes=512", "--Etl:Cost:Currency=EUR"];
        var empty = await CostAsync(place, ["--month", "2026-03", "--json", .. prices]);
        empty.ExitCode.ShouldBe(0, empty.Error);
        (empty.Json.GetProperty("total").GetDecimal(), empty.Json.GetProperty("currency").GetString()).ShouldBe(
            (1m, "EUR")
        );

        (await CostAsync(place, "--month", "2026-13", "--json")).ShouldFail(2, "'2026-13' is not a month.");
    }

    [Fact]
    public async Task A_run_reports_its_cost_as_text_and_as_json()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var cost = (await place.RunAsync()).Json.GetProperty("cost");
        // By the price list: started milliseconds x 1 GB, and a request.
        cost.GetProperty("amount")
            .GetDecimal()
            .ShouldBe((cost.GetProperty("billedMs").GetInt64() / 1000m * 0.0000166667m) + 0.0000002m);

        var line = place.RunLine("--force", "--Etl:Cost:MemoryMegabytes=2048").Where(a => a != "--json");
        var text = await EtlProcess.RunAsync(place.Folder, [.. line]);
        text.Out.ShouldMatch(@"\ncost: +0\.[0-9]{6} USD on Lambda \([0-9.]+ s of 2,048 MB\)\n");
        var again = await EtlProcess.RunAsync(place.Folder, [.. line.Where(a => a != "--force")]);
        again.Out.ShouldContain("Already done");
        again.Out.ShouldNotContain("cost:");
    }

    private static Task<EtlProcess> CostAsync(Workplace place, params string[] more) =>
        EtlProcess.RunAsync(place.Folder, ["runs", "cost", "--connection", place.Connection, .. more]);

    private static async Task ExecuteAsync(Workplace place, string sql)
    {
        await using var command = place.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string? Name(JsonElement item) => item.GetProperty("name").GetString();
}
