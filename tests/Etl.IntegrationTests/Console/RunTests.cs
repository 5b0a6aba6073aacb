using System.Security.Cryptography;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

public sealed class RunTests(PostgresServer server)
{
    private static readonly string[] Tables = [.. MartFiles.BuiltIn.All.Select(m => m.Name)];

    [Fact]
    public async Task A_run_loads_every_row_publishes_exports_and_reports_all_in_json()
    {
        await using var place = await Workplace.CreateAsync(server);
        var run = await place.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("status").GetString().ShouldBe("succeeded");
        run.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        run.Json.GetProperty("asOf").GetString().ShouldBe(Workplace.Day);
        var sources = run.Json.GetProperty("sources").EnumerateArray().ToList();
        sources.Select(s => s.GetProperty("dataset").GetString()).ShouldBe(["orders", "reviews", "shipments"]);
        sources.Select(s => s.GetProperty("loaded").GetInt64()).ShouldBe([2000, 1000, 2000]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        (await place.QueryAsync<long>("select count(*) from staging.reviews")).ShouldBe(1000);
        (await place.QueryAsync<long>("select count(*) from staging.shipments")).ShouldBe(2000);
        (await place.QueryAsync<DateTime>("select ingestion_date::timestamp from analytics.agg_shipments")).ShouldBe(
            new DateTime(2025, 6, 30, 0, 0, 0, DateTimeKind.Unspecified)
        );
        var exports = run.Json.GetProperty("exports").EnumerateArray().ToList();
        exports.Select(e => e.GetProperty("table").GetString()).ShouldBe(Tables, ignoreOrder: true);
        var files = place.Exported("20250630-001");
        files.Keys.Order().ShouldBe(Tables.Select(t => $"{t}.csv").Append("manifest.json").Order());
        foreach (var export in exports)
        {
            var bytes = files[$"{export.GetProperty("table").GetString()}.csv"];
            export.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            export.GetProperty("bytes").GetInt64().ShouldBe(bytes.Length);
        }

        run.Error.ShouldContain("20250630-001 stage");
    }

    [Fact]
    public async Task The_time_of_a_schedule_is_a_date_in_the_configured_time_zone()
    {
        await using var place = await Workplace.CreateAsync(server);
        var run = await place.RunAsync("--at", "2025-06-29T22:30:00Z", "--Etl:Schedule:TimeZone=Europe/Berlin");
        run.Json.GetProperty("businessDate").GetString().ShouldBe("2025-06-30", run.Error);
        (await place.QueryAsync<string>("select trigger from etl.runs")).ShouldBe("schedule");
    }

    [Fact]
    public async Task The_marker_of_a_start_gives_its_date_and_any_other_object_is_refused()
    {
        await using var place = await Workplace.CreateAsync(server);
        string[] at = ["--at", "2025-06-30T22:30:00Z", "--source", "s3://shop/in/{date}"];
        var refused = await place.RunAsync([.. at, "--marker", "s3://shop/in/2025-06-30/orders.csv"]);
        (refused.ExitCode, refused.Json.GetProperty("error").GetProperty("code").GetString()).ShouldBe((2, "usage"));

        var run = await place.RunAsync("--at", "2025-06-30T10:00:00Z", "--marker", "s3://shop/in/_SUCCESS");
        run.Json.GetProperty("businessDate").GetString().ShouldBe("2025-06-30", run.Error);
        (await place.QueryAsync<string>("select trigger from etl.runs")).ShouldBe("marker");
    }

    [Fact]
    public async Task The_same_run_again_is_already_done_and_changes_nothing()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var before = await StateAsync(place);
        var again = await place.RunAsync();
        again.ExitCode.ShouldBe(0);
        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        again.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        (await StateAsync(place)).ShouldBe(before);
    }

    [Fact]
    public async Task A_forced_run_replaces_the_day_and_exports_the_same_bytes()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var rows = await place.RowsAsync("analytics.product_performance");
        var forced = await place.RunAsync("--force");
        forced.ExitCode.ShouldBe(0, forced.Error);
        forced.Json.GetProperty("runId").GetString().ShouldBe("20250630-002");
        var (first, second) = (place.Exported("20250630-001"), place.Exported("20250630-002"));
        foreach (var table in Tables.Select(t => $"{t}.csv"))
        {
            second[table].ShouldBe(first[table]);
            File.ReadAllBytes(Path.Combine(place.Lake, "analytics_export", "latest", table)).ShouldBe(first[table]);
        }

        (await place.RowsAsync("analytics.product_performance")).ShouldBe(rows);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        (await place.RowsAsync("(select run_id, status from etl.runs)")).ShouldBe([
            "(20250630-001,superseded)",
            "(20250630-002,succeeded)",
        ]);
    }

    [Fact]
    public async Task Rejected_rows_up_to_the_limit_are_stored_in_the_quarantine_and_reported()
    {
        await using var place = await Workplace.CreateAsync(server);
        await DamageAsync(place, rows: 20);
        var run = await place.RunAsync();
        run.ExitCode.ShouldBe(0, run.Error);
        var orders = run.Json.GetProperty("sources")[0];
        orders.GetProperty("read").GetInt64().ShouldBe(2000);
        orders.GetProperty("loaded").GetInt64().ShouldBe(1980);
        orders.GetProperty("rejected").GetInt64().ShouldBe(20);
        (await place.QueryAsync<long>("select count(*) from etl.quarantine where code = 'bad_date'")).ShouldBe(20);
        run.Json.GetProperty("warnings").EnumerateArray().ShouldContain(w => w.GetString()!.Contains("bad_date 20"));
    }

    [Fact]
    public async Task Rejected_rows_over_the_limit_fail_the_run_and_leave_the_previous_day_in_place()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync("--date", "2025-06-29")).ExitCode.ShouldBe(0);
        await DamageAsync(place, rows: 21);
        var run = await place.RunAsync();
        run.ShouldFail(4, "21 of 2,000 rows of orders.csv were rejected");
        run.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("reject_limit");
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        (await place.QueryAsync<string>("select max(run_id) from staging.orders")).ShouldBe("20250629-001");
        (await place.RunAsync("--Etl:Quality:MaxRejectedPercent=5")).ExitCode.ShouldBe(0);
    }

    /// <summary>All that a run writes, as one text.</summary>
    private static async Task<string> StateAsync(Workplace place)
    {
        var state = new List<string>();
        string[] ledger = ["etl.runs", "etl.run_steps", "etl.run_files", "etl.run_exports", "etl.messages"];
        foreach (var table in ledger.Concat(Tables.Select(t => $"analytics.{t}")).Append("staging.orders"))
        {
            state.AddRange(await place.RowsAsync(table));
        }

        foreach (var file in Directory.GetFiles(place.Folder, "*", SearchOption.AllDirectories).Order())
        {
            state.Add($"{file} {File.GetLastWriteTimeUtc(file):O} {new FileInfo(file).Length}");
        }

        return string.Join('\n', state);
    }

    private static async Task DamageAsync(Workplace place, int rows)
    {
        var path = place.SourceFile("orders.csv");
        var lines = await File.ReadAllLinesAsync(path);
        for (var i = 1; i <= rows; i++)
        {
            var fields = lines[i].Split(',');
            fields[2] = "2025-02-30";
            lines[i] = string.Join(',', fields);
        }

        await File.WriteAllLinesAsync(path, lines);
    }
}
