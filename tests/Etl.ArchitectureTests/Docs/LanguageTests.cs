using System.Text.RegularExpressions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

/// <summary>Holds code, pages and test names to the field's words, and prose to a width that a diff can show.</summary>
public sealed partial class LanguageTests
{
    private const int Width = 120;

    private static readonly string[] Folders = ["src", "docs", "terraform"];
    private static readonly string[] Pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    private static readonly string[] Endings =
    [
        ".cs",
        ".css",
        ".csproj",
        ".hcl",
        ".json",
        ".md",
        ".py",
        ".razor",
        ".sh",
        ".sql",
        ".tf",
        ".tfvars",
        "",
    ];

    private static readonly List<(string Path, string Rule)> Exceptions =
    [
        .. File.ReadLines(Full("tests/Etl.ArchitectureTests/Docs/language-exceptions.txt"))
            .Where(l => l.Length > 0 && !l.StartsWith('#'))
            .Select(ParseException),
    ];

    [Fact]
    public void No_file_uses_a_word_that_the_glossary_replaces()
    {
        var files = Folders.SelectMany(f => Files(Path.Combine(Repository.Root, f))).Concat(Pages.Select(Full));
        Violations(files.SelectMany(Lines)).ShouldBeEmpty(GlossaryWords.Hint);
    }

    [Fact]
    public void No_test_has_a_name_with_a_word_that_the_glossary_replaces()
    {
        var names =
            from file in Files(Full("tests"))
            where file.EndsWith(".cs", StringComparison.Ordinal)
            from line in Lines(file)
            let test = TestMethod().Match(line.Text)
            where test.Success
            select (line.Path, line.Number, Text: test.Groups["name"].Value.Replace('_', ' '));
        Violations(names).ShouldBeEmpty(GlossaryWords.Hint);
    }

    [Fact]
    public void No_line_of_prose_is_longer_than_120_characters() =>
        MarkdownPage
            .All.SelectMany(p => p.Prose)
            .Where(l => LinkTarget().Replace(l.Text, "").Length > Width && !IsException(l.Where, "line length"))
            .Select(l => $"{l.Where}: {l.Text.Length} characters")
            .ShouldBeEmpty();

    [Theory]
    [InlineData("the mended row", "mend")]
    [InlineData("MendedRows", "mend")]
    [InlineData("recommended", null)]
    [InlineData("nobody is told", "told")]
    [InlineData("hotels", null)]
    [InlineData("the books do not balance", "books, balance")]
    [InlineData("BooksOutOfBalance", "books, balance")]
    [InlineData("a load balancer, a bookshop", null)]
    [InlineData("ended: well", "well (as a result)")]
    [InlineData("how well it sells, a name that is well-formed, the rest as well.", null)]
    public void The_word_list_finds_private_language_without_false_alarms(string text, string? expected) =>
        string.Join(", ", GlossaryWords.In(text)).ShouldBe(expected ?? "");

    private static IEnumerable<string> Violations(IEnumerable<(string Path, int Number, string Text)> lines) =>
        from line in lines
        from word in GlossaryWords.In(line.Text)
        where !IsException(line.Path, word)
        select $"{line.Path}:{line.Number}: {word}: {line.Text.Trim()}";

    private static bool IsException(string path, string rule) =>
        Exceptions.Any(e => path.StartsWith(e.Path, StringComparison.Ordinal) && (e.Rule is "*" || e.Rule == rule));

    private static (string Path, string Rule) ParseException(string line) =>
        line.Split('|', StringSplitOptions.TrimEntries) is [var path, var rule, { Length: > 0 }]
            ? (path, rule)
            : throw new FormatException($"Not 'path prefix | rule | reason': {line}");

    private static IEnumerable<(string Path, int Number, string Text)> Lines(string file) =>
        File.ReadLines(file)
            .Select((text, index) => (Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), index + 1, text));

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(d => Path.GetFileName(d) is var name && name is not ("bin" or "obj") && !name.StartsWith('.'))
            .SelectMany(Files)
            .Concat(Directory.EnumerateFiles(folder).Where(f => Endings.Contains(Path.GetExtension(f))));

    private static string Full(string path) => Path.Combine(Repository.Root, path);

    [GeneratedRegex(@"^\s*public (?:static )?(?:async )?(?:void|Task|ValueTask) (?<name>\w+)\(")]
    private static partial Regex TestMethod();

    /// <summary>The address of a link or of a URL in angle brackets: it cannot be wrapped.</summary>
    [GeneratedRegex(@"(?<=\])\([^)]*\)|<https?://[^>]*>")]
    private static partial Regex LinkTarget();
}
