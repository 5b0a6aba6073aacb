using Etl.Application.Steps;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

public sealed class LogLinesTests
{
    private static readonly RunId Run = RunId.Parse("20260301-001");

    private readonly StringWriter error = new() { NewLine = "\n" };

    [Fact]
    public void A_line_starts_with_the_run_and_step_of_its_scope()
    {
        using var logs = Logs(verbose: false);
        var log = logs.CreateLogger("Etl.Some.Thing");
        log.Log(LogLevel.Warning, "before");
        using (log.BeginScope(new RunScope(Run)))
        {
            log.Log(LogLevel.Warning, "between");
            using (logs.CreateLogger("another").BeginScope(new RunScope(Run, Step.Stage)))
            {
                log.Log(LogLevel.Error, "{Rows} rows", 7);
            }
        }

        log.Log(LogLevel.Warning, "after");
        error
            .ToString()
            .ShouldBe(
                """
                warning: Thing: before
                warning: 20260301-001: Thing: between
                error: 20260301-001 Stage: Thing: 7 rows
                warning: Thing: after

                """
            );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stack_trace_is_written_only_with_verbose(bool verbose)
    {
        using var logs = Logs(verbose);
        logs.CreateLogger("c").Log(LogLevel.Warning, new InvalidDataException("inner text"), "it failed");
        error.ToString().StartsWith("warning: c: it failed\n", StringComparison.Ordinal).ShouldBeTrue();
        error.ToString().Contains("inner text", StringComparison.Ordinal).ShouldBe(verbose);
    }

    private ILoggerFactory Logs(bool verbose) =>
        LoggerFactory.Create(b =>
            b.AddProvider(new LogLines(new Terminal(TextWriter.Null, error, false, false), verbose))
        );
}
