using Spectre.Console;
using Spectre.Console.Rendering;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// The last lines of a terminal, drawn over and over; what is printed meanwhile appears above them. No mode of the terminal
/// is changed, so whatever ends the process leaves it as it was.
/// </summary>
internal sealed class LiveArea(Terminal terminal)
{
    private readonly Lock gate = new();
    private int lines;

    public void Draw(IRenderable picture)
    {
        lock (gate)
        {
            var text = Drawing.Text(picture, terminal.Width() - 1);
            terminal.Error.Write(Erasing() + text);
            terminal.Error.Flush();
            lines = text.Count(c => c == '\n');
        }
    }

    public void Print(IRenderable picture)
    {
        lock (gate)
        {
            terminal.Error.Write(Erasing() + Drawing.Text(picture, terminal.Width() - 1));
        }
    }

    public void Print(string line)
    {
        lock (gate)
        {
            terminal.Error.WriteLine(Erasing() + line);
        }
    }

    public void Erase()
    {
        lock (gate)
        {
            terminal.Error.Write(Erasing());
        }
    }

    private string Erasing()
    {
        var codes = string.Concat(Enumerable.Repeat("\e[1A\e[2K", lines));
        lines = 0;
        return codes;
    }
}

/// <summary>The drawing library on our own writers.</summary>
internal static class Drawing
{
    public static IAnsiConsole On(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.Standard,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    public static string Text(IRenderable picture, int width)
    {
        var text = new StringWriter { NewLine = "\n" };
        On(text, width).Write(picture);
        return text.ToString();
    }
}
