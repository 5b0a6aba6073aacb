using System.Globalization;
using Etl.Application.Ports;
using Etl.Domain.Rows;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>A run's course on stderr: a line as each step ends, and on a terminal a live line while it goes on.</summary>
internal sealed class Progress(Terminal terminal, TimeProvider clock) : IRunObserver
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Dictionary<string, LoadProgress> files = [];
    private long stepBegan = clock.GetTimestamp();
    private long lastDrawn;
    private string doing = "";

    public void StepStarted(RunId run, Step step)
    {
        lock (gate)
        {
            stepBegan = clock.GetTimestamp();
            doing = Name(step);
            files.Clear();
            if (terminal.ErrorIsTerminal)
            {
                Draw(doing);
            }
            else
            {
                terminal.Error.WriteLine($"{run} {doing} ...");
            }
        }
    }

    public void StepEnded(RunId run, Step step, TimeSpan duration, string detail) =>
        Line($"{run} {Name(step), -9} {Seconds(duration), 7}  {detail}");

    public void Warned(RunId run, string warning) => Line($"{run} warning: {warning}");

    public void Told(Message message)
    {
        var body = message.Body.TrimEnd('\n').Replace("\n", $"{Environment.NewLine}  | ", StringComparison.Ordinal);
        Line($"message: {message.Subject}{Environment.NewLine}  | {body}");
    }

    public void Report(LoadProgress value)
    {
        lock (gate)
        {
            files[value.Dataset] = value;
            if (!terminal.ErrorIsTerminal || (lastDrawn != 0 && clock.GetElapsedTime(lastDrawn) < Pace))
            {
                return;
            }

            lastDrawn = clock.GetTimestamp();
            var shown = Dataset.All.Where(d => files.ContainsKey(d.Name)).Select(d => Words(files[d.Name]));
            Draw($"{doing}  {string.Join("   ", shown)}");
        }
    }

    /// <summary>Takes a live line away, so that what follows begins on a line of its own.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Erase();
        }
    }

    private string Words(LoadProgress file)
    {
        var percent = file.TotalBytes == 0 ? 100 : 100 * file.BytesRead / file.TotalBytes;
        var rate = file.RowsRead / Math.Max(clock.GetElapsedTime(stepBegan).TotalSeconds, 0.001);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Dataset} {percent} % {file.RowsRead:#,0} rows {rate:#,0}/s"
        );
    }

    private void Line(string text)
    {
        lock (gate)
        {
            Erase();
            terminal.Error.WriteLine(text);
        }
    }

    private void Draw(string text)
    {
        terminal.Error.Write($"\r\e[2K{text}");
        terminal.Error.Flush();
    }

    private void Erase()
    {
        if (terminal.ErrorIsTerminal)
        {
            terminal.Error.Write("\r\e[2K");
        }
    }

    private static string Name(Step step) => step.ToString().ToLowerInvariant();

    private static string Seconds(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s");
}
