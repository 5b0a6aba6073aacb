using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>Where the demo's results are, and which commands to try next.</summary>
internal static class DemoText
{
    public static void Write(Terminal terminal, IEnumerable<string[]> places, IEnumerable<string> commands)
    {
        terminal.Out.WriteLine();
        WritePlaces(terminal, places.ToList());
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("Next, type:");
        foreach (var command in commands)
        {
            terminal.Out.WriteLine($"  {Program} {command}");
        }
    }

    /// <summary>Not as a drawn table, which breaks a path that is wider than the window.</summary>
    private static void WritePlaces(Terminal terminal, List<string[]> places)
    {
        var width = places.Max(p => p[0].Length) + 2;
        foreach (var place in places.Prepend(["what", "where"]))
        {
            terminal.Out.WriteLine(place[0].PadRight(width) + Place.Show(terminal, place[1], column: width));
        }
    }

    /// <summary>How the program was started: published as <c>etl</c>, or by <c>dotnet run</c> from a checkout.</summary>
    private static string Program =>
        AppContext.BaseDirectory.Contains(
            $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}",
            StringComparison.Ordinal
        )
            ? "dotnet run --project src/Etl.Hosts.Console --"
            : "etl";
}
