using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Lambda;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Telemetry;

/// <summary>The signals that a collector receives from a run in a separate process.</summary>
public sealed class CollectorTests(PostgresServer server)
{
    private static readonly string[] Steps = ["Extract", "Stage", "Transform", "Publish", "Export", "Notify"];

    [Fact]
    public async Task A_collector_receives_the_span_tree_and_the_row_counts_of_a_run()
    {
        await using var collector = new Collector();
        await using var place = await Workplace.CreateAsync(server, migrated: true);

        var run = await place.RunAsync($"--Etl:Telemetry:OtlpEndpoint={collector.Address}");

        run.ExitCode.ShouldBe(0, run.Error);
        collector.Paths.ShouldBe(["/v1/metrics", "/v1/traces"]);
        collector.Resource["service.name"].ShouldBe("etl");
        ShouldBeOneTree(collector.Spans);
        var sources = run.Json.GetProperty("sources").EnumerateArray().ToList();
        foreach (var source in sources)
        {
            var dataset = source.GetProperty("dataset").GetString()!;
            var file = collector.Spans.Single(s => s.Name == "File" && s.Attributes["etl.dataset"] == dataset);
            file.Attributes["etl.run_id"].ShouldBe("20250630-001");
            file.Attributes["etl.rows.loaded"].ShouldBe($"{source.GetProperty("loaded").GetInt64()}");
            Sum("etl.rows.read", dataset).ShouldBe(source.GetProperty("read").GetInt64());
            Sum("etl.rows.loaded", dataset).ShouldBe(source.GetProperty("loaded").GetInt64());
            Sum("etl.rows.rejected", dataset).ShouldBe(source.GetProperty("rejected").GetInt64());
            Sum("etl.bytes.read", dataset).ShouldBe(source.GetProperty("bytes").GetInt64());
        }

        collector.Points.Single(p => p.Name == "etl.runs").Labels["etl.status"].ShouldBe("Succeeded");
        collector.Points.Where(p => p.Name == "etl.step.duration").Sum(p => p.Value).ShouldBe(6);
        collector.Points.Single(p => p.Name == "etl.last_success").Value.ShouldBeGreaterThan(1_700_000_000);
        ShouldHoldNoSecret(collector, place);

        long Sum(string name, string dataset) =>
            collector.Points.Where(p => p.Name == name && p.Labels["etl.dataset"] == dataset).Sum(p => p.Value);
    }

    [Fact]
    public async Task Spans_of_a_failed_run_have_its_error_code_without_the_message()
    {
        await using var collector = new Collector();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        File.Delete(place.SourceFile("orders.csv"));

        var run = await place.RunAsync($"--Etl:Telemetry:OtlpEndpoint={collector.Address}");

        run.ExitCode.ShouldBe(3, run.Error);
        collector
            .Spans.Where(s => s.Failed && s.Source == "Etl")
            .Select(s => s.Name)
            .Order()
            .ShouldBe(["Extract", "run"]);
        collector.Spans.Single(s => s.Name == "run").Attributes["error.type"].ShouldBe("source_missing");
        collector.Everything.ShouldNotContain("is missing");
        collector.Points.Single(p => p.Name == "etl.runs").Labels["etl.status"].ShouldBe("Failed");
    }

    [Fact]
    public async Task An_unavailable_collector_delays_a_run_by_the_timeout_only()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var run = await place.RunAsync(
            "--Etl:Telemetry:OtlpEndpoint=http://127.0.0.1:9",
            "--Etl:Telemetry:FlushSeconds=1"
        );
        (run.ExitCode, run.Json.GetProperty("status").GetString()).ShouldBe((0, "succeeded"));
    }

    [Fact]
    public async Task A_function_exports_before_it_responds_and_continues_the_trace_of_its_invocation()
    {
        await using var collector = new Collector();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(place, ("ETL__TELEMETRY__OTLPENDPOINT", collector.Address));

        var answer = await host.InvokeAsync(
            """{"scheduledTime":"2025-06-30T03:00:00Z","executionId":"e-1"}""",
            trace: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
        );

        answer.Succeeded.ShouldBeTrue(answer.Body);
        ShouldBeOneTree(collector.Spans, parent: "53995c3f42cd8ad8");
        collector.Spans[0].TraceId.ShouldBe("5759e988bd862e3fe1be46a994272793");
        collector.Points.ShouldContain(p => p.Name == "etl.last_success");
    }

    [Fact]
    public async Task No_assembly_of_telemetry_is_loaded_if_telemetry_is_off()
    {
        await using var place = await Workplace.CreateAsync(server);
        var program = StartUpTests.ProgramWithout(place.Folder, "OpenTelemetry");

        var off = await StartUpTests.StartAsync(place, program, place.RunLine());
        var on = await StartUpTests.StartAsync(
            place,
            program,
            place.RunLine("--force", "--Etl:Telemetry:OtlpEndpoint=http://127.0.0.1:9")
        );

        off.ExitCode.ShouldBe(0, off.Error);
        on.ExitCode.ShouldBe(1, "what is taken away must be missed where it is used");
    }

    private static void ShouldBeOneTree(IReadOnlyList<Span> spans, string parent = "")
    {
        spans.Select(s => s.TraceId).Distinct().Count().ShouldBe(1);
        var root = spans.Single(s => s.Name == "run");
        root.ParentId.ShouldBe(parent);
        root.Attributes["etl.run_id"].ShouldBe("20250630-001");
        foreach (var step in Steps)
        {
            spans.Single(s => s is { Source: "Etl" } && s.Name == step).ParentId.ShouldBe(root.Id);
        }

        var stage = spans.Single(s => s.Name == "Stage");
        var files = spans.Where(s => s.Name == "File").ToList();
        files.Select(f => f.Attributes["etl.dataset"]).Order().ShouldBe(["orders", "reviews", "shipments"]);
        files.ShouldAllBe(f => f.ParentId == stage.Id);
        files.ShouldAllBe(f => spans.Any(s => s.Source == "Npgsql" && s.ParentId == f.Id));
    }

    private static void ShouldHoldNoSecret(Collector collector, Workplace place)
    {
        collector.Everything.ShouldNotContain(place.Connection);
        collector.Everything.ShouldNotContain("Password", Case.Insensitive);
        collector.Everything.ShouldNotContain("Username=", Case.Insensitive);
        collector.Everything.ShouldNotContain("Host=", Case.Insensitive);
    }
}
