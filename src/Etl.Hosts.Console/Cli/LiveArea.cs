using Spectre.Console;
using Spectre.Console.Rendering;

namespace Etl.Hosts.Console.Cli;

/// <summary>
/// The last lines of a terminal, which are redrawn; printed lines appear above them. The modes of the terminal stay
/// unchanged, so it needs no cleanup when the process ends.
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
            terminal.Error.Write(EraseCodes() + text);
            terminal.Error.Flush();
            lines = text.Count(c => c == '\n');
        }
    }

    public void Print(IRenderable picture)
    {
        lock (gate)
        {
            terminal.Error.Write(EraseCodes() + Drawing.Text(picture, terminal.Width() - 1));
        }
    }

    public void Print(string line)
    {
        lock (gate)
        {
            terminal.Error.WriteLine(EraseCodes() + line);
        }
    }

    public void Erase()
    {
        lock (gate)
        {
            terminal.Error.Write(EraseCodes());
        }
    }

    private string EraseCodes()
    {
        var codes = string.Concat(Enumerable.Repeat("\e[1A\e[2K", lines));
        lines = 0;
        return codes;
    }
}

/// <summary>Spectre.Console on a given writer.</summary>
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
