using System.Text.RegularExpressions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public sealed partial class LinkTests
{
    private static readonly Dictionary<string, MarkdownPage> Pages = MarkdownPage.All.ToDictionary(p => p.Path);

    [Fact]
    public void Every_link_within_the_repository_resolves_to_a_file_and_heading()
    {
        var links = Pages.Values.SelectMany(p => p.Links.Select(l => (Page: p, l.Where, l.Address))).ToList();
        links.Count.ShouldBeGreaterThan(10);
        links
            .Where(l => !l.Address.Contains("://", StringComparison.Ordinal) && !Resolves(l.Page, l.Address))
            .Select(l => $"{l.Where} -> {l.Address}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_path_in_a_page_exists()
    {
        var paths = Pages.Values.SelectMany(p => p.Quoted).Where(q => PathOfRepository().IsMatch(q.Text)).ToList();
        paths.Count.ShouldBeGreaterThan(10);
        paths.Where(q => !Exists(q.Text)).Select(q => $"{q.Where}: {q.Text}").ShouldBeEmpty();
    }

    private static bool Resolves(MarkdownPage from, string address)
    {
        var parts = address.Split('#', 2);
        var path =
            parts[0].Length == 0
                ? from.Path
                : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from.Path)!, Uri.UnescapeDataString(parts[0])));
        return parts.Length == 1 || parts[1].Length == 0
            ? Path.Exists(path)
            : Pages.TryGetValue(path, out var page) && page.Anchors.Contains(parts[1]);
    }

    private static bool Exists(string path)
    {
        var full = Path.Combine(Repository.Root, path);
        return path.Contains('*', StringComparison.Ordinal)
            ? Directory.EnumerateFiles(Path.GetDirectoryName(full)!, Path.GetFileName(full)).Any()
            : Path.Exists(full);
    }

    /// <summary>Paths from the repository root, without build output.</summary>
    [GeneratedRegex(@"^(src|tests|docs|terraform|build|\.ci)/[\w./*-]+$")]
    private static partial Regex PathOfRepository();
}
