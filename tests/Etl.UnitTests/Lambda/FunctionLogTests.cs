using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using Etl.Hosts.Lambda.Logs;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Lambda;

public sealed class FunctionLogTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly FunctionLog function;
    private readonly ILoggerFactory logs;

    public FunctionLogTests() => (function, logs) = Create(LogSettings.Of("JSON", "DEBUG"));

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
        line.GetProperty("level").GetString().ShouldBe("WARN");
        line.GetProperty("eventId").GetInt32().ShouldBe(42);
        line.GetProperty("category").GetString().ShouldBe("Etl.Some.Thing");
        line.GetProperty("message").GetString().ShouldBe("7 rows\nof \"orders\"");
        line.GetProperty("runId").GetString().ShouldBe("20260301-001");
        line.GetProperty("step").GetString().ShouldBe("stage");
        line.GetProperty("values").GetProperty("Rows").GetString().ShouldBe("7");
        line.GetProperty("traceId").GetString().ShouldBe(span.TraceId.ToHexString());
        line.GetProperty("timestamp").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
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

    [Theory]
    [InlineData(LogLevel.Trace, "TRACE")]
    [InlineData(LogLevel.Debug, "DEBUG")]
    [InlineData(LogLevel.Information, "INFO")]
    [InlineData(LogLevel.Warning, "WARN")]
    [InlineData(LogLevel.Error, "ERROR")]
    [InlineData(LogLevel.Critical, "FATAL")]
    public void Levels_have_the_names_of_Lambda_which_also_select_them(LogLevel level, string name)
    {
        LogSettings.TextOf(level).ShouldBe(name);
        LogSettings.Of(null, name).Level.ShouldBe(level);
        LogSettings.Of(null, name.ToLowerInvariant()).Level.ShouldBe(level);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("LOUD")]
    public void Without_a_known_level_lines_start_at_INFO(string? level) =>
        LogSettings.Of("JSON", level).ShouldBe(new LogSettings(false, LogLevel.Information));

    [Fact]
    public void A_failed_invocation_has_one_line_with_code_message_next_step_and_request()
    {
        function.RequestId = "r-1";
        var error = new EtlError(ErrorCode.SourceMissing, "No file.", "Send it.");
        function.WriteFailure(error, "Run 1 failed: No file. Next: Send it.", "20260301-001", exception: null);

        var line = Lines().Single();
        line.EnumerateObject()
            .Where(p => p.Name is not ("timestamp" or "eventId" or "category"))
            .ToDictionary(p => p.Name, p => p.Value.GetString())
            .ShouldBe(
                new Dictionary<string, string?>
                {
                    ["level"] = "ERROR",
                    ["requestId"] = "r-1",
                    ["message"] = "Run 1 failed: No file. Next: Send it.",
                    ["errorCode"] = "source_missing",
                    ["nextStep"] = "Send it.",
                    ["runId"] = "20260301-001",
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public void An_internal_error_has_its_stack()
    {
        var error = new EtlError(ErrorCode.Internal, "m", "n");
        function.WriteFailure(error, "m", runId: null, Thrown("why"));
        Lines().Single().GetProperty("exception").GetString()!.ShouldContain("   at ");
    }

    [Fact]
    public void Text_lines_have_time_request_level_and_message()
    {
        var (text, factory) = Create(LogSettings.Of("Text", null));
        using (factory)
        {
            text.RequestId = "r-1";
            factory.CreateLogger("c").LogWarning("{Rows} rows", 7);
            text.WriteFailure(new EtlError(ErrorCode.Internal, "m", "n"), "m Next: n", runId: null, Thrown("why"));
        }

        var lines = output.ToString().Split('\n');
        lines[0].Split('\t')[1..].ShouldBe(["r-1", "WARN", "7 rows"]);
        DateTimeOffset.Parse(lines[0].Split('\t')[0], CultureInfo.InvariantCulture).Offset.ShouldBe(TimeSpan.Zero);
        lines[1].ShouldEndWith("\tr-1\tERROR\tm Next: n");
        lines[2].ShouldStartWith("System.InvalidOperationException: why");
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

    private (FunctionLog Function, ILoggerFactory Factory) Create(LogSettings settings)
    {
        var log = new FunctionLog(output, TimeProvider.System, settings);
        return (log, LoggerFactory.Create(b => b.SetMinimumLevel(settings.Level).AddProvider(log)));
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
