using Etl.Hosts.Console.Cli;
using Etl.Infrastructure.FileSystem;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// Locations for people. A terminal shows a file or folder relative to the working folder, as a link that opens it (OSC 8), and
/// breaks it only after a separator. A pipe gets the whole location, because programs read it.
/// </summary>
internal static class Place
{
    private const string Link = "\u001b]8;;";
    private const string End = "\u001b\\";
    private const string Indent = "\n  ";

    /// <summary>The location; below the line that it belongs to if it does not fit there.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="location">A path, or an address such as <c>file:///lake/x</c> or <c>s3://lake/x</c>.</param>
    /// <param name="column">Characters that precede it on its line.</param>
    public static string Show(Terminal terminal, string location, int column = 0)
    {
        if (!terminal.OutIsTerminal)
        {
            return location;
        }

        var (shown, uri) = Find(location);
        return column + shown.Length <= terminal.Width()
            ? LinkOf(shown)
            : string.Concat(
                Wrapping
                    .PiecesOf(shown, terminal.Width() - Indent.Length + 1)
                    .Select((piece, i) => (i > 0 || column > 0 ? Indent : "") + LinkOf(piece))
            );

        string LinkOf(string piece) => uri is null ? piece : $"{Link}{uri}{End}{piece}{Link}{End}";
    }

    /// <summary>The location for a cell of a table, which has no link.</summary>
    public static string Name(Terminal terminal, string location) =>
        terminal.OutIsTerminal ? Find(location).Shown : location;

    private static (string Shown, string? Uri) Find(string location)
    {
        if (PathOf(location) is not { } path || path.Any(char.IsControl))
        {
            return (location, null);
        }

        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        var isBelow = relative.Split(Path.DirectorySeparatorChar)[0] != "..";
        return (isBelow ? relative : path, FolderUri.Of(path));
    }

    private static string? PathOf(string location) =>
        location.StartsWith("file://", StringComparison.Ordinal) ? FolderUri.PathOf(location)
        : Path.IsPathFullyQualified(location) ? location
        : null;
}
