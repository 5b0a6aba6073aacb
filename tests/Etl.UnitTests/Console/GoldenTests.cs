using System.CommandLine;
using System.Text;
using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary>Help and completion, compared with files that were reviewed.</summary>
public sealed class GoldenTests
{
    [Fact]
    public async Task The_help_of_every_verb_is_the_reviewed_one()
    {
        var help = new StringBuilder();
        foreach (var verb in Verbs(EtlCli.Build(Silent()), []))
        {
            var screen = new Screen();
            (await screen.RunAsync([.. verb, "--help"])).ShouldBe(0);
            help.Append($"$ etl {string.Join(' ', verb)} --help\n".Replace("  ", " ", StringComparison.Ordinal));
            var text = screen.Out.Replace(RootCommand.ExecutableName, "etl", StringComparison.Ordinal);
            help.Append(text.ReplaceLineEndings("\n").TrimEnd()).Append("\n\n");
        }

        var given = help.ToString();
        given.ShouldBe(Golden.Expect("help.txt", given));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task The_completion_script_of_a_shell_is_the_reviewed_one(string shell)
    {
        var screen = new Screen();
        (await screen.RunAsync("completion", shell)).ShouldBe(0);
        var given = screen.Out.ReplaceLineEndings("\n");
        given.ShouldBe(Golden.Expect($"completion.{shell}", given));
    }

    [Theory]
    [InlineData("etl qu", "quarantine")]
    [InlineData("etl quarantine list --da", "--dataset")]
    [InlineData("etl runs sh", "show")]
    [InlineData("etl completion z", "zsh")]
    public async Task A_shell_gets_the_words_that_fit(string line, string word)
    {
        var screen = new Screen();
        (await screen.RunAsync($"[suggest:{line.Length}]", line)).ShouldBe(0);
        screen.Out.Split('\n').Select(l => l.Trim()).ShouldContain(word);
    }

    [Fact]
    public async Task An_unknown_shell_is_bad_usage()
    {
        var screen = new Screen();
        (await screen.RunAsync("completion", "tcsh")).ShouldBe(2);
        screen.Error.ShouldContain("The value of SHELL is not valid.");
    }

    private static IEnumerable<string[]> Verbs(Command command, string[] path)
    {
        yield return path;
        foreach (var verb in command.Subcommands.SelectMany(c => Verbs(c, [.. path, c.Name])))
        {
            yield return verb;
        }
    }

    private static Terminal Silent() =>
        new(TextWriter.Null, TextWriter.Null, OutIsTerminal: false, ErrorIsTerminal: false);
}
