using System.Text.RegularExpressions;
using Etl.TestKit;

namespace Etl.ArchitectureTests.Docs;

/// <summary>A page of the repository's documentation, with its links and commands.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "node_modules", "TestResults"];

    private readonly List<(int Number, string Text, bool InCode)> lines = [];

    private MarkdownPage(string path)
    {
        Path = path;
        var inCode = false;
        foreach (var (number, line) in File.ReadLines(path).Index())
        {
            var fence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inCode ^= fence;
            lines.Add((number + 1, fence ? "" : line, inCode));
        }
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetRelativePath(Repository.Root, Path);

    /// <summary>Every page of the repository, without tools and build folders.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [.. Files(Repository.Root).Order(StringComparer.Ordinal).Select(f => new MarkdownPage(f))];

    /// <summary>The targets of links and images, with their position.</summary>
    public IEnumerable<(string Where, string Address)> Links =>
        from line in lines
        where !line.InCode
        from Match link in Link().Matches(InlineCode().Replace(line.Text, ""))
        select (At(line.Number), link.Groups["address"].Value);

    /// <summary>Anchors of the headings by GitHub's rules; a repeated one gets a number.</summary>
    public ISet<string> Anchors =>
        lines
            .Where(l => !l.InCode && l.Text.StartsWith('#'))
            .Select(l => NotInAnchor().Replace(l.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))
            .GroupBy(a => a)
            .SelectMany(same => same.Select((anchor, n) => n == 0 ? anchor : $"{anchor}-{n}"))
            .ToHashSet();

    /// <summary>Text in `backquotes` outside code blocks.</summary>
    public IEnumerable<(string Where, string Text)> Quoted =>
        from line in lines
        where !line.InCode
        from Match code in InlineCode().Matches(line.Text)
        select (At(line.Number), code.Groups["text"].Value);

    /// <summary>The lines of code blocks; a line that ends with a backslash is joined with the next.</summary>
    public IEnumerable<(string Where, string Text)> CodeLines
    {
        get
        {
            var joined = "";
            foreach (var (number, text, _) in lines.Where(l => l.InCode))
            {
                joined += text.TrimEnd().TrimEnd('\\');
                if (!text.TrimEnd().EndsWith('\\'))
                {
                    yield return (At(number), joined);
                    joined = "";
                }
            }
        }
    }

    /// <summary>Text outside code blocks, tables and images.</summary>
    public IEnumerable<(string Where, string Text)> Prose =>
        lines
            .Where(l => !l.InCode && !l.Text.StartsWith('|') && !l.Text.StartsWith("![", StringComparison.Ordinal))
            .Select(l => (At(l.Number), l.Text));

    /// <summary>All text, code or not.</summary>
    public IEnumerable<(string Where, string Text)> Lines => lines.Select(l => (At(l.Number), l.Text));

    private string At(int line) => $"{Name}:{line}";

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(d => System.IO.Path.GetFileName(d) is var name && !name.StartsWith('.') && !Skipped.Contains(name))
            .SelectMany(Files)
            .Concat(Directory.EnumerateFiles(folder, "*.md"));

    [GeneratedRegex(@"\]\((?<address>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
