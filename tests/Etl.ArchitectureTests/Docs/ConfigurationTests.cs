using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public sealed class ConfigurationTests
{
    private const string Rewrite = "ETL_GOLDEN=write dotnet test tests/Etl.ArchitectureTests";

    private static readonly string Begin =
        $"<!-- From here to the end of the settings: written from the options' own docs by `{Rewrite}`. -->\n\n";

    private const string End = "\n<!-- The end of the settings. -->";

    [Fact]
    public void The_configuration_page_is_what_the_options_themselves_say()
    {
        var path = Path.Combine(Repository.Root, "docs", "configuration.md");
        var kept = File.ReadAllText(path);
        var page = new ConfigurationPage();
        var text = page.Write();
        page.Faults.ShouldBeEmpty("the options' XML docs are the manual: mend them, each in its options class");

        var begin = kept.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = kept.IndexOf(End, StringComparison.Ordinal);
        begin.ShouldBeInRange(Begin.Length, end, "docs/configuration.md has lost the lines that mark its settings");
        var expected = kept[..begin] + text + kept[end..];
        if (Environment.GetEnvironmentVariable("ETL_GOLDEN") == "write")
        {
            File.WriteAllText(path, expected);
            return;
        }

        var stale = kept.Split('\n').Except(expected.Split('\n')).Concat(expected.Split('\n').Except(kept.Split('\n')));
        (kept == expected).ShouldBeTrue(
            $"docs/configuration.md is out of date. Write it anew: {Rewrite}\nLines that differ:\n{string.Join('\n', stale)}"
        );
    }
}
