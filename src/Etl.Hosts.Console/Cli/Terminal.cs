namespace Etl.Hosts.Console.Cli;

/// <summary>Where results, and logs and progress, go; and whether somebody looks at them.</summary>
/// <param name="Out">Results: what another program may read.</param>
/// <param name="Error">Logs, progress and faults: what people read.</param>
/// <param name="OutIsTerminal">Whether <paramref name="Out"/> is a terminal that may have colours.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> is a terminal that may have colours.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTerminal, bool ErrorIsTerminal)
{
    public static Terminal OfProcess()
    {
        var plain =
            !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(
            System.Console.Out,
            System.Console.Error,
            !plain && !System.Console.IsOutputRedirected,
            !plain && !System.Console.IsErrorRedirected
        );
    }
}
