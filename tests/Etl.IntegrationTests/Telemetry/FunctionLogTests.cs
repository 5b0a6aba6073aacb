using System.Text.Json;
using System.Text.RegularExpressions;
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
        var lines = await LinesAsync(host);

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

    [Fact]
    public async Task A_failed_invocation_has_one_error_line_that_the_dashboard_finds()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        File.Delete(place.SourceFile("reviews.csv"));
        await using var host = LambdaProcess.Start(place);
        var message = await host.FailAsync(Event, "SourceMissing");
        await host.FailAsync("{}", "Usage");
        (await host.FailAsync(Event, "SourceMissing")).ShouldContain("20250630-002", Case.Sensitive, "the retry");

        var lines = await LinesAsync(host);

        var errors = lines.FindAll(l => l.TryGetProperty("level", out var level) && level.GetString() == "ERROR");
        errors.Count.ShouldBe(3, "one for each invocation");
        errors[0].GetProperty("message").GetString().ShouldBe(message);
        errors[0].GetProperty("errorCode").GetString().ShouldBe("source_missing");
        errors[0].GetProperty("runId").GetString().ShouldBe("20250630-001");
        errors[0].GetProperty("nextStep").GetString().ShouldNotBeNullOrEmpty();
        errors.Select(e => e.GetProperty("requestId").GetString()).ShouldBe(["request-1", "request-2", "request-3"]);
        var found = lines.FindAll(l => DashboardQuery().IsMatch(l.GetRawText()));
        found.ShouldContain(errors[0]);
        found.ShouldContain(errors[1]);
        found.ShouldAllBe(l => l.GetProperty("level").GetString() != "INFO");
        Directory.GetFiles(Path.Combine(place.Lake, "mail")).Length.ShouldBe(1, "one message for the day");
        lines
            .FindAll(l => l.TryGetProperty("_aws", out _))
            .Select(l => l.GetProperty("OutcomeReported").GetInt32())
            .ShouldBe([1, 0, 1], "so that no alarm repeats the message");
    }

    [Fact]
    public async Task The_log_has_the_format_and_the_level_of_the_function()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = LambdaProcess.Start(
            place,
            ("AWS_LAMBDA_LOG_FORMAT", "Text"),
            ("AWS_LAMBDA_LOG_LEVEL", "DEBUG")
        );
        await host.SucceedAsync(Event);
        await host.TerminateAsync();

        var lines = (await host.EndAsync()).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.ShouldContain(l => l.Contains("\trequest-1\tINFO\tRun 20250630-001: started Stage"));
        lines.ShouldContain(l => l.Contains("\trequest-1\tDEBUG\t"));
    }

    [Fact]
    public async Task An_unexpected_error_at_startup_is_reported_with_its_type_and_message()
    {
        // An argument that no code expects; the platform passes none.
        string[] command = [.. HostPrograms.Lambda, "--Etl:Run:LeaseSeconds=60", "-x=1"];
        await using var process = LambdaProcess.StartAs(command);

        var answer = await process.InvokeAsync(Event);
        var (exitCode, _, error) = await process.EndAsync();

        var reported = JsonDocument.Parse(answer.Body).RootElement;
        reported.GetProperty("errorMessage").GetString()!.ShouldContain("'-x=1'");
#if AWS_PACKAGES // The package sends no header, and the name of the class.
        reported.GetProperty("errorType").GetString().ShouldBe("FormatException");
#else
        reported.GetProperty("errorType").GetString().ShouldBe("Function.FormatException");
        answer.ErrorType.ShouldBe("Function.FormatException");
#endif
        exitCode.ShouldBe(1);
        error.ShouldContain("   at ");
    }

    private static async Task<List<JsonElement>> LinesAsync(LambdaProcess host)
    {
        await host.TerminateAsync();
        return
        [
            .. (await host.EndAsync())
                .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
#if AWS_PACKAGES // The package writes one more line about an error, as text, with its stack.
                .Where(l => l.StartsWith('{'))
#endif
                .Select(l => JsonDocument.Parse(l).RootElement),
        ];
    }

    /// <summary>The filter of the dashboard's table of warnings and errors.</summary>
    private static Regex DashboardQuery()
    {
        var terraform = File.ReadAllText(
            Path.Combine(Repository.Root, "terraform", "modules", "etl", "observability.tf")
        );
        var pattern = Regex.Match(terraform, "filter @message like /(.*?)/ ").Groups[1].Value;
        return new Regex(pattern.Replace("\\\"", "\"", StringComparison.Ordinal));
    }
}
