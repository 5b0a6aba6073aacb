using System.Text.RegularExpressions;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

public sealed partial class PlaceTests
{
    private static readonly string Here = Directory.GetCurrentDirectory();

    [Fact]
    public void A_terminal_shows_a_path_below_the_working_folder_as_a_relative_link()
    {
        var file = Path.Combine(Here, "lake", "a b", "report.html");
        var uri = new Uri(file).AbsoluteUri;
        var shown = Path.Combine("lake", "a b", "report.html");

        Show(file).ShouldBe($"\u001b]8;;{uri}\u001b\\{shown}\u001b]8;;\u001b\\");
        Show(uri).ShouldBe(Show(file));
    }

    [Fact]
    public void A_path_elsewhere_is_a_link_with_the_whole_path()
    {
        var elsewhere = Path.Combine(Path.GetPathRoot(Here)!, "elsewhere", "lake");
        Show(elsewhere).ShouldBe($"\u001b]8;;{new Uri(elsewhere).AbsoluteUri}\u001b\\{elsewhere}\u001b]8;;\u001b\\");
    }

    [Theory]
    [InlineData("s3://lake/analytics_export/manifest.json")]
    [InlineData("none")]
    [InlineData("staging.orders, staging.reviews")]
    public void Other_locations_are_unchanged(string location) => Show(location).ShouldBe(location);

    [Fact]
    public void A_path_with_control_characters_is_no_link()
    {
        var path = Path.Combine(Here, "a\u001b]8;;b");
        Show(path).ShouldBe(path);
    }

    [Fact]
    public void A_pipe_gets_the_whole_location()
    {
        var uri = new Uri(Path.Combine(Here, "lake")).AbsoluteUri;
        Place.Show(new Terminal(TextWriter.Null, TextWriter.Null, false, true), uri).ShouldBe(uri);
    }

    [Fact]
    public void A_path_that_does_not_fit_beside_its_label_is_below_it_and_broken_after_separators_only()
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, OutIsTerminal: true, ErrorIsTerminal: true)
        {
            Width = () => 20,
        };

        DemoText.Write(
            terminal,
            [
                ["report", Path.Combine(Here, "a", "report.html")],
                ["lake", Path.Combine(Here, "lake", "day=1", new string('x', 30), "report.html")],
                ["bucket", "s3://bucket/prefix/more"],
            ],
            []
        );

        var shown = Links().Replace(output.ToString().ReplaceLineEndings("\n"), "").Replace('\\', '/');
        shown.ShouldContain("report  \n  a/report.html\n");
        shown.ShouldContain($"lake    \n  lake/day=1/\n  {new string('x', 30)}/\n  report.html\n");
        shown.ShouldContain("bucket  \n  s3://bucket/\n  prefix/more\n");
        output.ToString().Split("\u001b]8;;file:").Length.ShouldBe(1 + 1 + 3, "each part of a path is a link");
    }

    [GeneratedRegex("\u001b]8;;[^\u001b]*\u001b\\\\")]
    private static partial Regex Links();

    private static string Show(string location) =>
        Place.Show(
            new Terminal(TextWriter.Null, TextWriter.Null, OutIsTerminal: true, ErrorIsTerminal: false),
            location
        );
}
