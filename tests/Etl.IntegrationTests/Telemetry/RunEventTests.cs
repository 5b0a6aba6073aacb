using System.Text.Json;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Telemetry;

/// <summary>Checks run events against OpenLineage 2-0-2.</summary>
public sealed class RunEventTests(PostgresServer server)
{
    [Fact]
    public async Task A_run_emits_its_inputs_and_outputs()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var file = Path.Combine(place.Folder, "events.jsonl");
        var run = await place.RunAsync($"--Etl:Lineage:File={file}");

        var events = Read(file);
        events.Select(e => e.GetProperty("eventType").GetString()).ShouldBe(["START", "COMPLETE"]);
        events.Select(RunIdOf).Distinct().Count().ShouldBe(1, "both are of the same attempt");
        var end = events[1];
        foreach (var source in run.Json.GetProperty("sources").EnumerateArray())
        {
            var path = new Uri(source.GetProperty("uri").GetString()!).LocalPath;
            var input = end.GetProperty("inputs")
                .EnumerateArray()
                .Single(i => i.GetProperty("name").GetString() == path);
            input
                .GetProperty("facets")
                .GetProperty("etl_content")
                .GetProperty("sha256")
                .GetString()
                .ShouldBe(source.GetProperty("sha256").GetString());
            var staged = Output(end, $".staging.{source.GetProperty("dataset").GetString()}");
            RowsOf(staged).ShouldBe(source.GetProperty("loaded").GetInt64());
        }

        RowsOf(Output(end, ".analytics.daily_orders")).ShouldBeGreaterThan(0);
        end.GetProperty("outputs").GetArrayLength().ShouldBe(3 + 6 + 6);
        end.GetRawText().ShouldNotContain("Password", Case.Insensitive);
    }

    [Fact]
    public async Task A_failed_run_emits_its_error_and_a_rerun_has_another_id()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var file = Path.Combine(place.Folder, "events.jsonl");
        var partial = Directory.CreateDirectory(Path.Combine(place.Folder, "partial")).FullName;
        File.Copy(place.SourceFile("reviews.csv"), Path.Combine(partial, "reviews.csv"));
        (await place.RunAsync("--source", partial, $"--Etl:Lineage:File={file}")).ExitCode.ShouldBe(3);
        (await place.RunAsync($"--Etl:Lineage:File={file}")).ExitCode.ShouldBe(0);

        var events = Read(file);
        events.Select(e => e.GetProperty("eventType").GetString()).ShouldBe(["START", "FAIL", "START", "COMPLETE"]);
        var error = events[1].GetProperty("run").GetProperty("facets").GetProperty("errorMessage");
        error.GetProperty("message").GetString()!.ShouldContain("missing");
        error.GetProperty("programmingLanguage").GetString().ShouldNotBeNullOrEmpty();
        RunIdOf(events[1]).ShouldNotBe(RunIdOf(events[2]));
        events[1].TryGetProperty("outputs", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Events_are_posted_and_an_unavailable_address_fails_no_run()
    {
        await using var catalogue = new Collector();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        (await place.RunAsync($"--Etl:Lineage:Url={catalogue.Address}/api/v1/lineage")).ExitCode.ShouldBe(0);
        catalogue.Paths.ShouldBe(["/api/v1/lineage"]);
        catalogue.Everything.ShouldContain("\"COMPLETE\"");

        var down = await place.RunAsync(
            "--force",
            "--Etl:Lineage:Url=http://127.0.0.1:9/",
            "--Etl:Lineage:TimeoutSeconds=1"
        );
        (down.ExitCode, down.Json.GetProperty("status").GetString()).ShouldBe((0, "succeeded"));
        down.Error.ShouldContain("Could not send the lineage event");
    }

    private static List<JsonElement> Read(string file)
    {
        var events = File.ReadAllLines(file).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        events.ForEach(LineageShape.Check);
        return events;
    }

    private static string RunIdOf(JsonElement run) => run.GetProperty("run").GetProperty("runId").GetString()!;

    private static JsonElement Output(JsonElement run, string ending) =>
        run.GetProperty("outputs")
            .EnumerateArray()
            .Single(o => o.GetProperty("name").GetString()!.EndsWith(ending, StringComparison.Ordinal));

    private static long RowsOf(JsonElement output) =>
        output.GetProperty("outputFacets").GetProperty("outputStatistics").GetProperty("rowCount").GetInt64();
}
