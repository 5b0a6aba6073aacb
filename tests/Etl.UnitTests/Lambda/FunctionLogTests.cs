using System.Diagnostics;
using System.Text.Json;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using Etl.Hosts.Lambda.Logs;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class JsonLinesTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly ILoggerFactory logs;

    public JsonLinesTests() =>
        logs = LoggerFactory.Create(b =>
            b.SetMinimumLevel(LogLevel.Debug).AddProvider(new JsonLines(output, TimeProvider.System))
        );

    [Fact]
    public void A_line_is_one_object_with_its_run_step_trace_and_values()
    {
        var log = logs.CreateLogger("Etl.Some.Thing");
        var run = RunId.Parse("20260301-001");
        using var span = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        using (log.BeginScope(new RunScope(run)))
        using (log.BeginScope(new RunScope(run, Step.Stage)))
        {
            log.Log(LogLevel.Warning, new EventId(42), "{Rows} rows\nof \"orders\"", 7);
        }

        var line = Lines().Single();
        line.GetProperty("level").GetString().ShouldBe("warning");
        line.GetProperty("eventId").GetInt32().ShouldBe(42);
        line.GetProperty("category").GetString().ShouldBe("Etl.Some.Thing");
        line.GetProperty("message").GetString().ShouldBe("7 rows\nof \"orders\"");
        line.GetProperty("runId").GetString().ShouldBe("20260301-001");
        line.GetProperty("step").GetString().ShouldBe("stage");
        line.GetProperty("values").GetProperty("Rows").GetString().ShouldBe("7");
        line.GetProperty("traceId").GetString().ShouldBe(span.TraceId.ToHexString());
        line.GetProperty("time").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void An_exception_is_logged_by_its_type_and_with_its_stack_only_at_debug()
    {
        var log = logs.CreateLogger("c");
        var exception = Thrown("secret text");
        log.LogError(exception, "it failed");
        log.LogDebug(exception, "in detail");

        var lines = Lines();
        lines[0].GetProperty("exception").GetString().ShouldBe("InvalidOperationException");
        lines[0].GetRawText().ShouldNotContain("secret text");
        lines[1].GetProperty("exception").GetString()!.ShouldContain("   at ");
    }

    [Fact]
    public void Lines_of_several_threads_do_not_interleave()
    {
        var log = logs.CreateLogger("c");
        Parallel.For(0, 500, i => log.LogInformation("line {Number}", i));
        Lines().Select(l => l.GetProperty("message").GetString()).Distinct().Count().ShouldBe(500);
    }

    [Theory]
    [InlineData(
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"
    )]
    [InlineData(
        "Root=1-5759e988-bd862e3fe1be46a994272793; Parent=53995c3f42cd8ad8; Sampled=0; Lineage=a:0",
        "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00"
    )]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793", null)]
    [InlineData("Root=1-5759e988;Parent=5;Sampled=1", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_trace_header_becomes_a_traceparent(string? header, string? parent)
    {
        TraceHeader.ToTraceParent(header).ShouldBe(parent);
        (parent is null || ActivityContext.TryParse(parent, null, out _)).ShouldBeTrue();
    }

    public void Dispose()
    {
        logs.Dispose();
        output.Dispose();
    }

    private static InvalidOperationException Thrown(string message)
    {
        try
        {
            throw new InvalidOperationException(message);
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private List<JsonElement> Lines() =>
        [
            .. output
                .ToString()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonDocument.Parse(l).RootElement),
        ];
}
