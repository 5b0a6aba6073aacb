using System.Diagnostics;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>Each error of a day: its exit code, the next step, no stack trace, JSON.</summary>
public sealed class ErrorTests(PostgresServer server)
{
    [Fact]
    public async Task A_missing_file_is_exit_3()
    {
        await using var place = await Workplace.CreateAsync(server);
        File.Delete(place.SourceFile("reviews.csv"));
        (await place.RunAsync()).ShouldFail(3, "The reviews file is missing: no reviews.csv in");
    }

    [Fact]
    public async Task A_missing_folder_is_exit_3()
    {
        await using var place = await Workplace.CreateAsync(server);
        Directory.Delete(place.Source, recursive: true);
        var run = await place.RunAsync();
        run.ShouldFail(3, place.Source);
    }

    [Fact]
    public async Task An_empty_file_is_exit_3()
    {
        await using var place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(place.SourceFile("orders.csv"), "");
        (await place.RunAsync()).ShouldFail(3, "The orders file is empty");
    }

    [Fact]
    public async Task A_header_without_rows_is_exit_3()
    {
        await using var place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(place.SourceFile("reviews.csv"), "review,product_id\n");
        (await place.RunAsync()).ShouldFail(3, "has a header and no row");
    }

    [Fact]
    public async Task A_wrong_header_is_exit_3()
    {
        await using var place = await Workplace.CreateAsync(server);
        var path = place.SourceFile("orders.csv");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace("order_date", "ordered_on", StringComparison.Ordinal));
        var run = await place.RunAsync();
        run.ShouldFail(3, "order_date");
        run.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("source_header");
    }

    [Fact]
    public async Task An_unreachable_database_is_exit_5()
    {
        await using var place = await Workplace.CreateAsync(server);
        var run = await place.RunOnAsync("Host=127.0.0.1;Port=9;Database=etl;Username=u;Password=hidden");
        run.ShouldFail(5, "127.0.0.1:9");
        run.Json.GetProperty("error").GetProperty("retryable").GetBoolean().ShouldBeTrue();
        run.Error.ShouldNotContain("hidden");
        run.Out.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task A_lake_that_is_a_file_is_exit_6_and_the_next_run_finishes_the_export()
    {
        await using var place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(place.Lake, "in the way");
        (await place.RunAsync()).ShouldFail(6, place.Lake);
        File.Delete(place.Lake);
        var corrected = await place.RunAsync();
        corrected.ExitCode.ShouldBe(0, corrected.Error);
        corrected.Json.GetProperty("runId").GetString().ShouldBe("20250630-001");
        place.Exported("20250630-001").Keys.ShouldContain("manifest.json");
    }

    [Fact]
    public async Task A_bad_setting_is_exit_2_and_nothing_is_started()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync("--Etl:Quality:MaxRejectedPercent=many")).ShouldFail(
            2,
            "Etl:Quality:MaxRejectedPercent is 'many'"
        );
        (await place.QueryAsync<long>("select count(*) from pg_namespace where nspname = 'etl'")).ShouldBe(0);
    }

    [Fact]
    public async Task Dates_that_no_run_can_have_are_exit_2_and_nothing_is_recorded()
    {
        await using var place = await Workplace.CreateAsync(server);
        string[] backfill = ["backfill", "--from", "0001-01-01", "--to", "0001-01-01", "--json", "--lake", place.Lake];
        string[] files = ["--source", place.Source, "--connection", place.Connection];

        (await place.RunAsync("--date", "0001-01-01")).ShouldFail(2, "0001-01-01 is before 1900-01-01");
        (await place.RunAsync("--date", "9999-12-31")).ShouldFail(2, "9999-12-31 is after tomorrow");
        (await place.RunAsync("--as-of", "9999-12-31")).ShouldFail(2, "9999-12-31 is not from 1900-01-01");
        (await place.RunAsync("--at", "0001-01-01T00:00:00Z")).ShouldFail(2, "0001-01-01 is before");
        var plan = await EtlProcess.RunAsync(place.Folder, ["plan", .. place.RunLine("--date", "0001-01-01")[1..]]);
        plan.ShouldFail(2, "0001-01-01 is before");
        var several = await EtlProcess.RunAsync(place.Folder, [.. backfill, .. files]);
        several.ExitCode.ShouldBe(2, several.Out);

        (await place.QueryAsync<long>("select count(*) from pg_namespace where nspname = 'etl'")).ShouldBe(0);
        Directory.Exists(place.Lake).ShouldBeFalse("no message is sent");
        var first = await place.RunAsync("--date", "1900-01-01");
        first.ExitCode.ShouldBe(0, first.Error);
        first.Json.GetProperty("runId").GetString().ShouldBe("19000101-001");
    }

    [Fact]
    public async Task A_settings_file_that_is_not_json_is_exit_2()
    {
        await using var place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "appsettings.json"), "{ \"Etl\": ");
        (await place.RunAsync()).ShouldFail(2, "appsettings.json cannot be read as JSON");
    }

    [Fact]
    public async Task The_command_line_comes_before_the_settings_file()
    {
        await using var place = await Workplace.CreateAsync(server);
        await File.WriteAllTextAsync(
            Path.Combine(place.Folder, "appsettings.json"),
            """{ "Etl": { "Lake": { "Uri": "/nowhere/at/all" }, "Quality": { "MaxRejectedPercent": 200 } } }"""
        );
        (await place.RunAsync()).ShouldFail(2, "Etl:Quality:MaxRejectedPercent is 200");
        var run = await place.RunAsync("--Etl:Quality:MaxRejectedPercent=1");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("manifest").GetString()!.ShouldContain(Path.GetFileName(place.Folder));
    }

    [Fact]
    public async Task Sigterm_ends_a_run_with_exit_8_and_the_next_run_succeeds()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync("--date", "2025-06-28")).ExitCode.ShouldBe(0);
        await using var holder = await LockAsync(place);
        var run = await EtlProcess.RunAsync(place.Folder, p => TerminateOnceWaitingAsync(place, p), place.RunLine());
        run.ExitCode.ShouldBe(8, run.Error);
        run.Json.GetProperty("status").GetString().ShouldBe("cancelled");
        await holder.DisposeAsync();
        var next = await place.RunAsync();
        next.ExitCode.ShouldBe(0, next.Error);
    }

    /// <summary>A lock that excludes writers keeps the publish waiting, so that the signal meets the run at work.</summary>
    private static async Task<IAsyncDisposable> LockAsync(Workplace place) =>
        await place.HoldAsync("lock table analytics.daily_orders in share mode");

    private static async Task TerminateOnceWaitingAsync(Workplace place, Process process)
    {
        const string Waiting = """
            select count(*) from pg_stat_activity
            where wait_event_type = 'Lock' and datname = current_database()
            """;
        while (!process.HasExited && await place.QueryAsync<long>(Waiting) == 0)
        {
            await Task.Yield();
        }

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
