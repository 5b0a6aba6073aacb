using System.Text.RegularExpressions;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

public sealed partial class ProgressTests
{
    private static readonly RunId Run = RunId.Parse("20250630-001");

    private readonly StringWriter error = new() { NewLine = "\n" };
    private readonly TickingClock clock = new();

    [Fact]
    public void A_pipe_gets_a_plain_line_at_the_start_and_at_the_end_of_a_step()
    {
        Watch(new PlainProgress(OnPipe(), clock));
        error
            .ToString()
            .ShouldBe(
                """
                20250630-001 stage ...
                20250630-001 warning: few rows
                message: Etl 2025-06-30 succeeded (sent by smtp, webhook)
                20250630-001 stage      1.50 s  all loaded

                """,
                StringCompareShould.IgnoreLineEndings
            );
    }

    [Fact]
    public async Task An_activity_of_the_host_is_shown_as_a_step_is()
    {
        (await ActAsync(new PlainProgress(OnPipe(), clock))).ShouldBe(3);
        error
            .ToString()
            .ShouldBe(
                """
                sample ...
                creating
                sample     1.50 s  3 files

                """,
                StringCompareShould.IgnoreLineEndings
            );
    }

    [Fact]
    public async Task An_activity_of_the_host_is_drawn_live_on_a_terminal()
    {
        using var progress = new LiveProgress(OnTerminal(100), clock);
        await ActAsync(progress);
        error.ToString().ShouldContain("1.50 s\n"); // drawn while it goes on
        Shown().ShouldBe(["  creating", "✓ sample      1.50 s  3 files"]);
    }

    [Fact]
    public void Quiet_shows_no_progress()
    {
        var terminal = OnPipe();
        terminal.Quiet = true;
        Watch(new PlainProgress(terminal, clock));
        error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void A_terminal_keeps_one_line_per_event_and_nothing_that_was_redrawn()
    {
        Watch(new LiveProgress(OnTerminal(100), clock));
        Shown()
            .ShouldBe([
                "! few rows",
                "✉ Etl 2025-06-30 succeeded (sent by smtp, webhook)",
                "✓ stage       1.50 s  all loaded",
            ]);
    }

    [Theory]
    [InlineData(100, "orders  ━━━━━━━━━━━━━━━━━━━━   25 %  50 B of 200 B  500 rows/s  0:06 left")]
    [InlineData(80, "orders  ━━━━━━━━━━━━━━━━━━━━   25 %  500 rows/s  0:06 left")]
    [InlineData(60, "orders   25 %  500 rows/s  0:06 left")]
    [InlineData(40, "orders   25 %  500 rows/s")]
    public void A_file_is_drawn_in_one_line_with_as_much_as_fits(int width, string expected)
    {
        using var progress = new LiveProgress(OnTerminal(width), clock);
        progress.StepStarted(Run, Step.Stage);
        progress.Report(new LoadProgress("orders", BytesRead: 50, TotalBytes: 200, RowsRead: 1000));
        clock.Advance(TimeSpan.FromSeconds(2));
        var shown = Shown();
        shown.Count.ShouldBe(2);
        shown[0].ShouldEndWith("stage       2.00 s");
        shown[1].Trim().ShouldBe(expected);
        shown.ShouldAllBe(l => l.Length < width);
    }

    [Fact]
    public void A_log_line_appears_above_the_current_step()
    {
        var terminal = OnTerminal(80);
        using var progress = new LiveProgress(terminal, clock);
        progress.StepStarted(Run, Step.Transform);
        clock.Advance(TimeSpan.FromSeconds(1));
        terminal.Note("warning: of the log");
        Shown().ShouldBe(["warning: of the log"]);
        clock.Advance(TimeSpan.FromSeconds(1));
        Shown()[^1].ShouldEndWith("transform   2.00 s");
    }

    [Fact]
    public void The_end_erases_the_current_step_and_nothing_is_drawn_after_it()
    {
        var progress = new LiveProgress(OnTerminal(80), clock);
        progress.StepStarted(Run, Step.Stage);
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.End();
        clock.Advance(TimeSpan.FromSeconds(1));
        Shown().ShouldBeEmpty();
    }

    [Fact]
    public void The_modes_of_a_terminal_are_not_changed()
    {
        Watch(new LiveProgress(OnTerminal(80), clock));
        error.ToString().ShouldNotContain("\e[?");
    }

    [Theory]
    [InlineData(null, "xterm-256color", false, false)]
    [InlineData("", "xterm-256color", false, false)]
    [InlineData("1", "xterm-256color", false, true)]
    [InlineData(null, "dumb", false, true)]
    [InlineData(null, null, false, true)]
    [InlineData(null, null, true, false)]
    public void A_terminal_is_plain_where_colors_are_unwanted_or_unsupported(
        string? noColor,
        string? term,
        bool windows,
        bool plain
    ) => Terminal.IsPlain(noColor, term, windows).ShouldBe(plain);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(40_069_326, "40.1 MB")]
    [InlineData(999_960, "1.0 MB")]
    [InlineData(123_456_789_012, "123 GB")]
    public void Bytes_are_shown_in_the_largest_fitting_unit(long bytes, string text) =>
        Amount.Bytes(bytes).ShouldBe(text);

    [Theory]
    [InlineData(0, 100, "")]
    [InlineData(50, 100, "0:10 left")]
    [InlineData(100, 100, "")]
    [InlineData(1, 1000, "2:46:30 left")]
    [InlineData(120, 100, "")] // a file that grew
    public void The_time_left_follows_from_the_progress(long read, long total, string text) =>
        new FilePace(new LoadProgress("orders", read, total, RowsRead: 1), TimeSpan.FromSeconds(10)).Left.ShouldBe(
            text
        );

    private Task<int> ActAsync(ProgressDisplay progress) =>
        progress.ShowAsync(
            "sample",
            () =>
            {
                progress.Report("creating");
                clock.Advance(TimeSpan.FromSeconds(1.5));
                return Task.FromResult(3);
            },
            count => $"{count} files"
        );

    private void Watch(IRunObserver progress)
    {
        progress.StepStarted(Run, Step.Stage);
        progress.Report(new LoadProgress("orders", BytesRead: 50, TotalBytes: 200, RowsRead: 1000));
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Warned(Run, "few rows");
        progress.SummaryWarned(Run, "in the summary");
        progress.Notified(
            new Message(Run, Run.BusinessDate, Outcome.Success, "Etl 2025-06-30 succeeded", "The body.\n"),
            ["smtp", "webhook"]
        );
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.StepEnded(Run, Step.Stage, TimeSpan.FromSeconds(1.5), "all loaded");
    }

    private Terminal OnPipe() => new(TextWriter.Null, error, OutIsTerminal: false, ErrorIsTerminal: false);

    private Terminal OnTerminal(int width) =>
        new(TextWriter.Null, error, OutIsTerminal: true, ErrorIsTerminal: true) { Width = () => width };

    /// <summary>What a terminal shows: the lines that were not erased, without colours.</summary>
    private List<string> Shown()
    {
        var lines = new List<string>();
        foreach (var line in error.ToString().Replace("\e[1A\e[2K", "\b", StringComparison.Ordinal).Split('\n'))
        {
            var erased = line.TakeWhile(c => c == '\b').Count();
            lines.RemoveRange(lines.Count - erased, erased);
            lines.Add(Color().Replace(line[erased..], "").TrimEnd());
        }

        return lines[..^1];
    }

    [GeneratedRegex(@"\e\[[0-9;]*m", RegexOptions.CultureInvariant)]
    private static partial Regex Color();

    /// <summary>A clock that is moved by hand, and whose timers then fire once.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private readonly List<HandTimer> timers = [];
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(() => callback(state));
            timers.Add(timer);
            return timer;
        }

        public void Advance(TimeSpan time)
        {
            now += time.Ticks;
            timers.ToList().ForEach(t => t.Fire());
        }
    }

    private sealed class HandTimer(Action fire) : ITimer
    {
        private Action? tick = fire;

        public void Fire() => tick?.Invoke();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => tick = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
