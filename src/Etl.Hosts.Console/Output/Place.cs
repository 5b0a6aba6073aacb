using Etl.Hosts.Console.Cli;
using Etl.Infrastructure.FileSystem;

namespace Etl.Hosts.Console.Output;

/// <summary>
/// Locations for people. A terminal shows a file or folder relative to the working folder, as a link that opens it (OSC 8). A
/// pipe gets the whole location, because programs read it.
/// </summary>
internal static class Place
{
    private const string Link = "\u001b]8;;";
    private const string End = "\u001b\\";

    /// <summary>The location, never wrapped.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="location">A path, or an address such as <c>file:///lake/x</c> or <c>s3://lake/x</c>.</param>
    public static string Show(Terminal terminal, string location)
    {
        if (!terminal.OutIsTerminal || PathOf(location) is not { } path || path.Any(char.IsControl))
        {
            return location;
        }

        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        var shown = relative.Split(Path.DirectorySeparatorChar)[0] == ".." ? path : relative;
        return $"{Link}{FolderUri.Of(path)}{End}{shown}{Link}{End}";
    }

    private static string? PathOf(string location) =>
        location.StartsWith("file://", StringComparison.Ordinal) ? FolderUri.PathOf(location)
        : Path.IsPathFullyQualified(location) ? location
        : null;
}
