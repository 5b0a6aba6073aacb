using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Output;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary>Text on a narrow terminal: no word is broken, and a path only after a separator.</summary>
public sealed class WrappingTests
{
    private const string Path = "/home/analyst/shop/extensions/marts/returns_by_month.sql";

    [Theory]
    [InlineData("one two three", 20, 0, "one two three")]
    [InlineData("one two three", 8, 0, "one two\nthree")]
    [InlineData("one two three", 12, 4, "one two\n    three")]
    [InlineData("first\nsecond", 20, 2, "first\n  second")]
    [InlineData("unbreakable", 5, 0, "unbreakable")]
    [InlineData("see /a/bb/ccc, now", 8, 0, "see\n/a/bb/\nccc, now")]
    [InlineData("/aaaaaaaaaaaa/b", 5, 0, "/aaaaaaaaaaaa/\nb")]
    [InlineData("", 5, 0, "")]
    public void Lines_end_between_words_or_after_a_separator(string text, int width, int used, string wrapped) =>
        Wrapping.Wrap(text, width, used).ShouldBe(wrapped);

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Errors_checks_and_tables_fit_the_window_without_a_broken_name(int width)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, output, OutIsTerminal: true, ErrorIsTerminal: true) { Width = () => width };
        var error = new EtlError(
            ErrorCode.Configuration,
            $"{Path}, line 3, column 7: 'mony' is not a type.",
            "Correct it."
        );

        ErrorText.Write(terminal, error);
        HealthText.WriteResults(terminal, [HealthCheckResult.Error(error) with { Check = "extensions" }]);
        Tables.Write(
            terminal,
            ["file", "#rows"],
            [
                [Path[^22..], "1,000"],
            ]
        );

        var text = output.ToString().Replace("\e[31m", "").Replace("\e[0m", "");
        var lines = text.Split('\n').Select(l => l.TrimEnd()).ToList();
        lines.ShouldAllBe(l => l.Length <= width || l.Contains("\e["));
        foreach (var name in Path.Split('/').Append("column").Append("type."))
        {
            lines.Count(l => l.Contains(name)).ShouldBeGreaterThanOrEqualTo(2, name);
        }
    }

    [Fact]
    public void A_table_has_no_empty_lines_and_wraps_text_before_names()
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, output, OutIsTerminal: true, ErrorIsTerminal: true) { Width = () => 50 };

        Tables.Write(
            terminal,
            ["data test", "#violations", "meaning"],
            [
                ["delivery_before_shipment", "1", "shipments delivered before they left"],
                ["other", "2", "b"],
            ]
        );

        var lines = System.Text.RegularExpressions.Regex.Replace(output.ToString(), "\e\\[[0-9;]*m", "").Split('\n');
        lines[^1].ShouldBeEmpty();
        lines[..^1].ShouldAllBe(l => l.Trim().Length > 0 && l.TrimEnd().Length <= 50);
        lines[2].ShouldContain("delivery_before_shipment");
    }

    [Fact]
    public void A_pipe_gets_each_text_on_one_line()
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, output, OutIsTerminal: false, ErrorIsTerminal: false) { Width = () => 20 };

        terminal.WriteText($"The file {Path} is there.");
        ErrorText.Write(terminal, new EtlError(ErrorCode.Usage, $"{Path} is not here.", "Look there."));

        output.ToString().ReplaceLineEndings("\n").Split('\n').Length.ShouldBe(4);
    }
}
