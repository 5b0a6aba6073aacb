using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// A run's course on a terminal: a line stays for each step that ended, and below them moves the step that goes on, with a
/// bar for each file. A step that is over at once is never drawn.
/// </summary>
internal sealed class LiveProgress : IRunObserver, IProgressEnd
{
    private const int WidthForTimes = 50;
    private const int WidthForBars = 70;
    private const int WidthForSizes = 92;
    private const int Bar = 20;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Spin = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly Lock gate = new();
    private readonly Dictionary<string, LoadProgress> files = [];
    private readonly Terminal terminal;
    private readonly TimeProvider clock;
    private readonly LiveArea area;
    private ITimer? timer;
    private string? doing;
    private long began;

    public LiveProgress(Terminal terminal, TimeProvider clock)
    {
        (this.terminal, this.clock, area) = (terminal, clock, new LiveArea(terminal));
        began = clock.GetTimestamp();
        terminal.Live = area;
    }

    public void StepStarted(RunId run, Step step)
    {
        lock (gate)
        {
            Begin(StepText.Name(step));
        }
    }

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail)
    {
        lock (gate)
        {
            Rest();
            var line = new Grid().AddColumn(Narrow().PadRight(1)).AddColumn(Narrow()).AddColumn(Narrow()).AddColumn();
            line.AddRow(
                new Markup("[green]✓[/]"),
                new Text(StepText.Name(step).PadRight(StepText.LongestName)),
                new Text(StepText.Seconds(duration).PadLeft(StepText.LongestTime)),
                new Text(detail, Style.Parse("grey"))
            );
            area.Print(line);
        }
    }

    public void Warned(RunId run, string warning) => area.Print(new Markup($"[yellow]![/] {Markup.Escape(warning)}\n"));

    /// <summary>The summary says it, once.</summary>
    public void Remarked(RunId run, string warning) { }

    public void Notified(Message message) => area.Print(new Markup($"[green]✉[/] {Markup.Escape(message.Subject)}\n"));

    public void Report(LoadProgress value)
    {
        lock (gate)
        {
            if (doing is null)
            {
                Begin("check");
            }

            files[value.Dataset] = value;
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        lock (gate)
        {
            Rest();
            area.Erase();
        }
    }

    public void Dispose() => End();

    private void Begin(string what)
    {
        files.Clear();
        (doing, began) = (what, clock.GetTimestamp());
        timer ??= clock.CreateTimer(_ => Tick(), state: null, Pace, Pace);
    }

    private void Rest()
    {
        timer?.Dispose();
        (timer, doing) = (null, null);
        files.Clear();
    }

    private void Tick()
    {
        lock (gate)
        {
            if (doing is not null)
            {
                area.Draw(Picture());
            }
        }
    }

    private Rows Picture()
    {
        var elapsed = clock.GetElapsedTime(began);
        var frame = Spin[(int)(elapsed / Pace) % Spin.Length];
        var head = new Markup(
            $"[blue]{frame}[/] {doing, -StepText.LongestName}  {StepText.Seconds(elapsed), StepText.LongestTime}"
        );
        var shown = files.Values.OrderBy(f => f.Dataset, StringComparer.Ordinal).ToList();
        return shown.Count == 0 ? new Rows(head) : new Rows(head, Files(shown, elapsed));
    }

    /// <summary>A window that is too narrow for all has what matters more.</summary>
    private Grid Files(List<LoadProgress> shown, TimeSpan elapsed)
    {
        var width = terminal.Width();
        (int Needs, Func<FilePace, IRenderable> Cell)[] cells =
        [
            (0, f => new Text(f.Dataset)),
            (WidthForBars, f => new Markup(BarOf(f.Share))),
            (0, f => new Text(f.Percent)),
            (WidthForSizes, f => new Text(f.Size)),
            (0, f => new Text(f.RowsPerSecond)),
            (WidthForTimes, f => new Text(f.Left)),
        ];
        var columns = cells.Where(c => c.Needs <= width).ToList();
        var grid = new Grid();
        columns.ForEach(_ => grid.AddColumn(Narrow()));
        grid.Columns[0].PadLeft(2);
        foreach (var pace in shown.Select(f => new FilePace(f, elapsed)))
        {
            grid.AddRow([.. columns.Select(c => c.Cell(pace))]);
        }

        return grid;
    }

    private static string BarOf(double share)
    {
        var full = (int)(share * Bar);
        return $"[blue]{new string('━', full)}[/][grey]{new string('━', Bar - full)}[/]";
    }

    private static GridColumn Narrow() => new GridColumn().NoWrap().PadRight(2);
}
