using Etl.Application.Ports;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

public sealed class ProgressTests
{
    private static readonly RunId Run = RunId.Parse("20250630-001");

    [Fact]
    public void A_pipe_gets_a_plain_line_as_a_step_begins_and_as_it_ends()
    {
        var text = Watch(terminal: false);
        text.ShouldBe(
            """
            20250630-001 stage ...
            20250630-001 warning: odd
            20250630-001 stage      1.50 s  all loaded

            """,
            StringCompareShould.IgnoreLineEndings
        );
    }

    [Fact]
    public void A_terminal_sees_each_file_move_and_is_left_with_the_lines_alone()
    {
        var text = Watch(terminal: true);
        text.ShouldContain("\r\e[2Kstage  orders 25 % 1,000 rows");
        text.ShouldEndWith("\r\e[2K20250630-001 stage      1.50 s  all loaded" + Environment.NewLine);
    }

    [Fact]
    public void A_message_that_went_out_is_shown_whole()
    {
        var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, error, OutIsTerminal: false, ErrorIsTerminal: false);
        new Progress(terminal, TimeProvider.System).Told(
            new Message(
                Run,
                Run.BusinessDate,
                Outcome.Success,
                "Etl 2025-06-30 succeeded",
                "The run succeeded.\nRun 1\n"
            )
        );
        error
            .ToString()
            .ShouldBe(
                """
                message: Etl 2025-06-30 succeeded
                  | The run succeeded.
                  | Run 1

                """,
                StringCompareShould.IgnoreLineEndings
            );
    }

    private static string Watch(bool terminal)
    {
        var error = new StringWriter();
        var progress = new Progress(
            new Terminal(TextWriter.Null, error, OutIsTerminal: false, ErrorIsTerminal: terminal),
            TimeProvider.System
        );
        progress.StepStarted(Run, Step.Stage);
        progress.Report(new LoadProgress("orders", BytesRead: 50, TotalBytes: 200, RowsRead: 1000));
        progress.Warned(Run, "odd");
        progress.StepEnded(Run, Step.Stage, TimeSpan.FromSeconds(1.5), "all loaded");
        return error.ToString();
    }
}
