using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public sealed class ConfigurationTests
{
    private const string Rewrite = "ETL_GOLDEN=write dotnet test tests/Etl.ArchitectureTests";

    private static readonly string Begin =
        $"<!-- Generated from the docs of the options classes by `{Rewrite}`. -->\n\n";

    private const string End = "\n<!-- End of the generated part. -->";

    [Fact]
    public void The_configuration_page_equals_the_docs_of_the_options()
    {
        var path = Path.Combine(Repository.Root, "docs", "configuration.md");
        var kept = File.ReadAllText(path);
        var page = new ConfigurationPage();
        var text = page.Write();
        page.Errors.ShouldBeEmpty("the XML docs of the options are the manual: correct them in the options class");

        var begin = kept.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = kept.IndexOf(End, StringComparison.Ordinal);
        begin.ShouldBeInRange(
            Begin.Length,
            end,
            "docs/configuration.md lacks the comments that enclose the generated part"
        );
        var expected = kept[..begin] + text + kept[end..];
        if (Environment.GetEnvironmentVariable("ETL_GOLDEN") == "write")
        {
            File.WriteAllText(path, expected);
            return;
        }

        var stale = kept.Split('\n').Except(expected.Split('\n')).Concat(expected.Split('\n').Except(kept.Split('\n')));
        (kept == expected).ShouldBeTrue(
            $"docs/configuration.md is out of date. Regenerate it: {Rewrite}\nLines that differ:\n{string.Join('\n', stale)}"
        );
    }
}
