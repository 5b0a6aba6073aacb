using Etl.Hosts.Console.Samples;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

public sealed class VerbTests(PostgresServer server)
{
    [Fact]
    public async Task Check_accepts_good_files_without_a_database()
    {
        await using var place = await Workplace.CreateAsync(server);
        var check = await EtlProcess.RunAsync(place.Folder, "check", "--source", place.Source, "--json");
        check.ExitCode.ShouldBe(0, check.Error);
        check.Json.GetProperty("status").GetString().ShouldBe("succeeded");
        check
            .Json.GetProperty("files")
            .EnumerateArray()
            .Select(f => f.GetProperty("accepted").GetInt64())
            .ShouldBe([2000, 1000, 2000]);
    }

    [Fact]
    public async Task Check_counts_every_planted_error_by_its_code_and_fails_over_the_limit()
    {
        await using var place = await Workplace.CreateAsync(server);
        SampleWriter.Write(new SampleOptions(place.Source, 3000, Seed: 5, DirtyPercent: 4), CancellationToken.None);
        var check = await EtlProcess.RunAsync(place.Folder, "check", "--source", place.Source, "--json");
        check.ExitCode.ShouldBe(4, check.Error);
        check.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("reject_limit");
        var planted = File.ReadLines(place.SourceFile("planted.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        foreach (var file in check.Json.GetProperty("files").EnumerateArray())
        {
            var dataset = file.GetProperty("dataset").GetString();
            var expected = planted.Where(p => p[0] == dataset).CountBy(p => p[4]).Select(c => $"{c.Key} {c.Value}");
            file.GetProperty("rejectsByCode")
                .EnumerateObject()
                .Select(c => $"{c.Name} {c.Value}")
                .ShouldBe(expected, ignoreOrder: true);
            var first = file.GetProperty("firstRejects")[0];
            var firstPlanted = planted.First(p => p[0] == dataset);
            $"{first.GetProperty("line")} {first.GetProperty("byteOffset")} {first.GetProperty("code")}".ShouldBe(
                $"{firstPlanted[1]} {firstPlanted[2]} {firstPlanted[4]}"
            );
        }
    }

    [Fact]
    public async Task Check_prints_rejects_with_file_line_and_column()
    {
        await using var place = await Workplace.CreateAsync(server);
        var path = place.SourceFile("reviews.csv");
        await File.WriteAllTextAsync(path, "review,product_id\n5,1\n6,1\n");
        var check = await EtlProcess.RunAsync(place.Folder, "check", "--source", place.Source);
        check.ExitCode.ShouldBe(4, check.Error);
        check.Out.ShouldContain("reviews.csv:3:review: out_of_range: ");
        check.Error.ShouldContain("next:  ");
        check.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Runs_and_show_print_what_the_ledger_records()
    {
        await using var place = await Workplace.CreateAsync(server);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        var list = await EtlProcess.RunAsync(place.Folder, "runs", "--json", "--connection", place.Connection);
        list.ExitCode.ShouldBe(0, list.Error);
        var run = list.Json.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem();
        run.GetProperty("status").GetString().ShouldBe("succeeded");
        run.GetProperty("messageSent").GetBoolean().ShouldBeTrue();
        run.GetProperty("steps")
            .EnumerateArray()
            .Select(s => s.GetProperty("step").GetString())
            .ShouldBe(["extract", "stage", "transform", "publish", "export", "notify"]);
        var show = await EtlProcess.RunAsync(
            place.Folder,
            "runs",
            "show",
            "20250630-001",
            "--connection",
            place.Connection
        );
        show.ExitCode.ShouldBe(0, show.Error);
        show.Out.ShouldContain("Run 20250630-001: succeeded");
        show.Out.ShouldContain("orders.csv");
        show.Out.ShouldNotContain("\e[");
        var none = await EtlProcess.RunAsync(
            place.Folder,
            "runs",
            "show",
            "20250101-001",
            "--json",
            "--connection",
            place.Connection
        );
        none.ShouldFail(2, "The ledger has no run 20250101-001");
    }

    [Fact]
    public async Task Migrate_applies_once_and_is_then_up_to_date()
    {
        await using var place = await Workplace.CreateAsync(server);
        string[] line = ["migrate", "--json", "--connection", place.Connection];
        (await EtlProcess.RunAsync(place.Folder, line))
            .Json.GetProperty("applied")
            .GetArrayLength()
            .ShouldBeGreaterThan(0);
        (await EtlProcess.RunAsync(place.Folder, line)).Json.GetProperty("applied").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_demo_runs_once_per_folder()
    {
        await using var place = await Workplace.CreateAsync(server);
        string[] line = ["demo", "--connection", place.Connection];
        var first = await EtlProcess.RunAsync(place.Folder, line);
        first.ExitCode.ShouldBe(0, first.Error);
        first.Out.ShouldContain("Run 20250630-001 succeeded");
        first.Out.ShouldContain("Next, type:");
        var demo = Path.Combine(place.Folder, "etl-demo");
        File.Exists(Path.Combine(demo, "lake", "analytics_export", "latest", "manifest.json")).ShouldBeTrue();
        string[] Mail() => Directory.GetFiles(Path.Combine(demo, "lake", "mail"), "*.eml");
        Mail().ShouldHaveSingleItem();
        var again = await EtlProcess.RunAsync(place.Folder, line);
        again.ExitCode.ShouldBe(0, again.Error);
        again.Out.ShouldContain("Already done by run 20250630-001");
        var elsewhere = await EtlProcess.RunAsync(place.Folder, [.. line, "--out", "other"]);
        elsewhere.ExitCode.ShouldBe(0, elsewhere.Error);
        elsewhere.Out.ShouldContain("Run 20250630-002 succeeded");
        var later = await place.RunAsync([
            "--source",
            "etl-demo/source",
            "--lake",
            "etl-demo/lake",
            "--date",
            "2025-07-01",
        ]);
        later.ExitCode.ShouldBe(0, later.Error);
        Mail().Length.ShouldBe(2);
        var runs = await EtlProcess.RunAsync(
            place.Folder,
            "runs",
            "--json",
            "--last",
            "0",
            "--connection",
            place.Connection
        );
        runs.Json.GetProperty("runs").GetArrayLength().ShouldBe(3);
        var latest = Path.Combine(place.Folder, "other", "lake", "analytics_export", "latest", "manifest.json");
        File.Exists(latest).ShouldBeTrue();
    }
}
