using System.Text.Json;
using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Lambda;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Telemetry;

public sealed class FunctionLogTests(PostgresServer server)
{
    private const string Event = """{"scheduledTime":"2025-06-30T03:00:00Z","executionId":"e-1"}""";

    [Fact]
    public async Task Every_log_line_of_a_function_is_JSON_and_has_the_run_id()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(
            place,
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_NAME", "shop-staging")
        );
        var summary = await host.SucceedAsync(Event);
        await host.SucceedAsync(Event);
        await host.TerminateAsync();

        var lines = (await host.EndAsync())
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToList();

        var metrics = lines.FindAll(l => l.TryGetProperty("_aws", out _));
        metrics.Count.ShouldBe(2, "the run itself, and the day that is done");
        metrics.ShouldAllBe(m => m.GetProperty("RunSucceeded").GetInt32() == 1);
        metrics.ShouldAllBe(m => m.GetProperty("FunctionName").GetString() == "shop-staging");
        var loaded = summary.GetProperty("sources").EnumerateArray().Sum(s => s.GetProperty("loaded").GetInt64());
        metrics[0].GetProperty("RowsLoaded").GetInt64().ShouldBe(loaded);
        metrics[0].GetProperty("PeakMemory").GetInt64().ShouldBeGreaterThan(10_000_000);
        var steps = lines.FindAll(l => l.TryGetProperty("step", out _));
        steps.Select(l => l.GetProperty("step").GetString()).Distinct().Count().ShouldBe(6);
        steps.ShouldAllBe(l => l.GetProperty("runId").GetString() == "20250630-001");
        summary.GetProperty("cost").GetProperty("memoryMegabytes").GetInt32().ShouldBe(512);
    }
}
