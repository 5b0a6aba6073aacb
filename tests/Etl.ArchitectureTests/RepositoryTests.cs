using System.Text.RegularExpressions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests;

public sealed partial class RepositoryTests
{
    [Fact]
    public void Product_code_measures_time_with_its_time_provider() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f =>
                !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            )
            .Where(f => SystemClock().IsMatch(File.ReadAllText(f)))
            .ShouldBeEmpty();

    [Fact]
    public void Every_sql_file_begins_with_a_header() =>
        SqlFiles().Where(f => !File.ReadLines(f).First().StartsWith("-- ", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Every_mart_declares_its_grain_inputs_key_and_columns()
    {
        var folder = Path.Combine(Repository.Root, "src", "Etl.Infrastructure", "Transform", "Marts");
        var transforms = Directory.GetFiles(folder, "*.sql");
        transforms.ShouldNotBeEmpty();
        foreach (var file in transforms)
        {
            var header = string.Join(
                '\n',
                File.ReadLines(file).TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal))
            );
            foreach (var word in new[] { "grain:", "inputs:", "key:", "columns:" })
            {
                header.ToLowerInvariant().ShouldContain(word, customMessage: file);
            }
        }
    }

    [Fact]
    public void Decision_records_are_numbered_without_gaps()
    {
        var numbers = Directory
            .GetFiles(Path.Combine(Repository.Root, "docs", "decisions"), "*.md")
            .Select(f => int.Parse(Path.GetFileName(f)[..4], System.Globalization.CultureInfo.InvariantCulture))
            .Order()
            .ToList();
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
    }

    private static IEnumerable<string> SqlFiles() =>
        Directory
            .EnumerateFiles(
                Path.Combine(Repository.Root, "src", "Etl.Infrastructure"),
                "*.sql",
                SearchOption.AllDirectories
            )
            .Where(f =>
                !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            );

    [GeneratedRegex(@"\bStopwatch\b|\bEnvironment\.TickCount")]
    private static partial Regex SystemClock();
}
