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
    public void A_line_says_its_run_and_step_while_one_is_worked_on()
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
    public void A_fault_is_told_where_it_was_asked_for(bool verbose)
    {
        using var logs = Logs(verbose);
        logs.CreateLogger("c").Log(LogLevel.Warning, new InvalidDataException("inner words"), "it failed");
        error.ToString().StartsWith("warning: c: it failed\n", StringComparison.Ordinal).ShouldBeTrue();
        error.ToString().Contains("inner words", StringComparison.Ordinal).ShouldBe(verbose);
    }

    private ILoggerFactory Logs(bool verbose) =>
        LoggerFactory.Create(b =>
            b.AddProvider(new LogLines(new Terminal(TextWriter.Null, error, false, false), verbose))
        );
}
