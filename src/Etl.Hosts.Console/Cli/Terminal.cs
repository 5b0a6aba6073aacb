namespace Etl.Hosts.Console.Cli;

/// <summary>The output streams of the program, and whether they are terminals.</summary>
/// <param name="Out">Results, which another program may read.</param>
/// <param name="Error">Logs, progress and errors, which people read.</param>
/// <param name="OutIsTerminal">Whether <paramref name="Out"/> is a terminal that supports colors.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> is a terminal that supports colors.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTerminal, bool ErrorIsTerminal)
{
    private const int DefaultWidth = 80;
    private const int MinWidth = 20;

    /// <summary>Whether only results and errors are shown.</summary>
    public bool Quiet { get; set; }

    /// <summary>The area that is redrawn on <see cref="Error"/> during a run; null for none.</summary>
    public LiveArea? Live { get; set; }

    /// <summary>Characters per line; read before each drawing, because a window can be resized.</summary>
    public Func<int> Width { get; init; } = () => DefaultWidth;

    /// <summary>The streams of the process below the writers; none where the writers are given.</summary>
    public IReadOnlyList<OutputStream> Streams { get; private init; } = [];

    public static Terminal OfProcess()
    {
        var plain = IsPlain(
            Environment.GetEnvironmentVariable("NO_COLOR"),
            Environment.GetEnvironmentVariable("TERM"),
            OperatingSystem.IsWindows()
        );
        var (output, error) = (new OutputStream("stdout", 1), new OutputStream("stderr", 2));
        return new Terminal(
            WriterOf(output),
            WriterOf(error),
            !plain && !System.Console.IsOutputRedirected,
            !plain && !System.Console.IsErrorRedirected
        )
        {
            Streams = [output, error],
            Width = WidthOfProcess,
        };
    }

    /// <summary>Whether colors and drawings are unwanted or unsupported. Windows does not set TERM.</summary>
    public static bool IsPlain(string? noColor, string? term, bool windows) =>
        !string.IsNullOrEmpty(noColor) || term == "dumb" || (!windows && string.IsNullOrEmpty(term));

    /// <summary>Writes a sentence of a result; a terminal breaks it between words.</summary>
    public void WriteText(string text) => Out.WriteLine(OutIsTerminal ? Wrapping.Wrap(text, Width()) : text);

    /// <summary>Writes a line of progress or log; not shown with --quiet.</summary>
    public void Note(string line)
    {
        if (Quiet)
        {
            return;
        }

        if (Live is { } live)
        {
            live.Print(line);
        }
        else
        {
            Error.WriteLine(line);
        }
    }

    /// <summary>Steps and log lines are written in parallel.</summary>
    private static TextWriter WriterOf(OutputStream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream) { AutoFlush = true });

    private static int WidthOfProcess()
    {
        try
        {
            return System.Console.WindowWidth is > 0 and var width ? Math.Max(width, MinWidth) : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth; // not a terminal
        }
    }
}
