namespace Etl.Hosts.Console.Cli;

/// <summary>Where results, and logs and progress, go; and whether somebody looks at them.</summary>
/// <param name="Out">Results: what another program may read.</param>
/// <param name="Error">Logs, progress and faults: what people read.</param>
/// <param name="OutIsTerminal">Whether <paramref name="Out"/> is a terminal that may have colours.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> is a terminal that may have colours.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTerminal, bool ErrorIsTerminal)
{
    private const int UsualWidth = 80;
    private const int LeastWidth = 20;

    /// <summary>Whether results and faults are all that is shown.</summary>
    public bool Quiet { get; set; }

    /// <summary>What is drawn on <see cref="Error"/> while a run goes on; null where nothing is.</summary>
    public LiveArea? Live { get; set; }

    /// <summary>Characters in a line, asked anew each time: people pull at their windows.</summary>
    public Func<int> Width { get; init; } = () => UsualWidth;

    public static Terminal OfProcess()
    {
        var plain = IsPlain(
            Environment.GetEnvironmentVariable("NO_COLOR"),
            Environment.GetEnvironmentVariable("TERM"),
            OperatingSystem.IsWindows()
        );
        return new Terminal(
            System.Console.Out,
            System.Console.Error,
            !plain && !System.Console.IsOutputRedirected,
            !plain && !System.Console.IsErrorRedirected
        )
        {
            Width = WidthOfProcess,
        };
    }

    /// <summary>Whether colours and drawings are not wanted, or not understood. Windows names no kind of terminal.</summary>
    public static bool IsPlain(string? noColor, string? term, bool windows) =>
        !string.IsNullOrEmpty(noColor) || term == "dumb" || (!windows && string.IsNullOrEmpty(term));

    /// <summary>A line about the course of things, which no result depends on.</summary>
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

    private static int WidthOfProcess()
    {
        try
        {
            return System.Console.WindowWidth is > 0 and var width ? Math.Max(width, LeastWidth) : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth; // no terminal after all
        }
    }
}
