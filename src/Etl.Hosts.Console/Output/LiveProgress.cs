using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// Progress on a terminal: one line stays for each completed step; below them the current step is redrawn, with a bar for
/// each file. A step that takes less than one frame is never drawn.
/// </summary>
internal sealed class LiveProgress : ProgressDisplay
{
    private const int MinWidthForTimes = 50;
    private const int MinWidthForBars = 70;
    private const int MinWidthForSizes = 92;
    private const int BarWidth = 20;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, LoadProgress> files = new(StringComparer.Ordinal);
    private readonly Terminal terminal;
    private readonly LiveArea area;
    private ITimer? timer;
    private string? current;
    private long start;

    public LiveProgress(Terminal terminal, TimeProvider clock)
        : base(clock)
    {
        (this.terminal, area) = (terminal, new LiveArea(terminal));
        start = clock.GetTimestamp();
        terminal.Live = area;
    }

    public override void Warned(RunId? run, string warning) =>
        area.Print(new Markup($"[yellow]![/] {Markup.Escape(warning)}\n"));

    public override void Report(string value) => area.Print(new Markup($"[grey]  {Markup.Escape(value)}[/]\n"));

    public override void Report(LoadProgress value)
    {
        lock (gate)
        {
            if (current is null)
            {
                Begin("check");
            }

            files[value.Dataset] = value;
        }
    }

    public override void End()
    {
        lock (gate)
        {
            Stop();
            area.Erase();
        }
    }

    protected override void ShowMessage(string text) => area.Print(new Markup($"[green]✉[/] {Markup.Escape(text)}\n"));

    protected override void Start(string run, string activity)
    {
        lock (gate)
        {
            Begin(activity);
        }
    }

    protected override void Finish(string run, string activity, TimeSpan duration, string detail)
    {
        lock (gate)
        {
            Stop();
            var line = new Grid()
                .AddColumn(FixedColumn().PadRight(1))
                .AddColumn(FixedColumn())
                .AddColumn(FixedColumn())
                .AddColumn();
            line.AddRow(
                new Markup("[green]✓[/]"),
                new Text(activity.PadRight(NameWidth)),
                new Text(Seconds(duration).PadLeft(TimeWidth)),
                new Text(detail, Style.Parse("grey"))
            );
            area.Print(line);
        }
    }

    private void Begin(string activity)
    {
        files.Clear();
        (current, start) = (activity, Clock.GetTimestamp());
        timer ??= Clock.CreateTimer(_ => Draw(), state: null, Frame, Frame);
    }

    private void Stop()
    {
        timer?.Dispose();
        (timer, current) = (null, null);
        files.Clear();
    }

    private void Draw()
    {
        lock (gate)
        {
            if (current is not null)
            {
                area.Draw(CurrentStep());
            }
        }
    }

    private Rows CurrentStep()
    {
        var elapsed = Clock.GetElapsedTime(start);
        var spinner = Spinner[(int)(elapsed / Frame) % Spinner.Length];
        var head = new Markup($"[blue]{spinner}[/] {current, -NameWidth}  {Seconds(elapsed), TimeWidth}");
        return files.Count == 0 ? new Rows(head) : new Rows(head, Files(elapsed));
    }

    /// <summary>One row per file, with as many columns as the window has room for.</summary>
    private Grid Files(TimeSpan elapsed)
    {
        var width = terminal.Width();
        (int MinWidth, Func<FilePace, IRenderable> Cell)[] cells =
        [
            (0, f => new Text(f.Dataset)),
            (MinWidthForBars, f => new Markup(Bar(f.Share))),
            (0, f => new Text(f.Percent)),
            (MinWidthForSizes, f => new Text(f.Size)),
            (0, f => new Text(f.RowsPerSecond)),
            (MinWidthForTimes, f => new Text(f.Left)),
        ];
        var columns = cells.Where(c => c.MinWidth <= width).ToList();
        var grid = new Grid();
        columns.ForEach(_ => grid.AddColumn(FixedColumn()));
        grid.Columns[0].PadLeft(2);
        foreach (var pace in files.Values.Select(f => new FilePace(f, elapsed)))
        {
            grid.AddRow([.. columns.Select(c => c.Cell(pace))]);
        }

        return grid;
    }

    private static string Bar(double share)
    {
        var full = (int)(share * BarWidth);
        return $"[blue]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/]";
    }

    private static GridColumn FixedColumn() => new GridColumn().NoWrap().PadRight(2);
}
