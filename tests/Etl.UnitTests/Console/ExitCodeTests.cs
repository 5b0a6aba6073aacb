using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary>Exit codes are a promise to schedulers: each cause has its own for good.</summary>
public sealed partial class ExitCodeTests
{
    private static readonly Dictionary<int, string[]> Promised = new()
    {
        [1] = ["internal", "notify"],
        [2] = ["usage", "configuration"],
        [3] =
        [
            "source_missing",
            "source_empty",
            "source_unchanged",
            "source_volume",
            "source_header",
            "source_unreadable",
            "source_changed",
        ],
        [4] = ["reject_limit", "data_test", "books_out_of_balance"],
        [5] = ["database_unreachable", "database"],
        [6] = ["lake", "lake_conflict"],
        [7] = ["in_progress", "lease_lost"],
        [8] = ["deadline", "cancelled"],
    };

    [Fact]
    public void Every_cause_has_the_exit_code_that_was_promised() =>
        Enum.GetValues<ErrorCode>()
            .Select(c => $"{c.ExitCode()} {c.Text()}")
            .ShouldBe(Promised.SelectMany(p => p.Value.Select(text => $"{p.Key} {text}")), ignoreOrder: true);

    [Fact]
    public void The_runbook_says_what_to_do_at_each_exit_code() =>
        Row()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md")))
            .Select(row => int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture))
            .ShouldBe(Promised.Keys.Prepend(0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fault_of_the_program_itself_is_exit_1_and_shows_its_trace_only_when_asked(bool verbose)
    {
        var error = new StringWriter();
        var terminal = new Terminal(new BrokenWriter(), error, OutIsTerminal: false, ErrorIsTerminal: false);
        string[] line = ["completion", "bash"];
        (await EtlCli.RunAsync(verbose ? [.. line, "--verbose"] : line, terminal)).ShouldBe(1);
        error.ToString().ShouldStartWith("error: The program itself failed (InvalidDataException).");
        error.ToString().Contains("inner workings", StringComparison.Ordinal).ShouldBe(verbose);
        error.ToString().Contains("   at ", StringComparison.Ordinal).ShouldBe(verbose);
    }

    [GeneratedRegex(
        @"^\| (?<code>[0-9]) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
    )]
    private static partial Regex Row();

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidDataException("inner workings");
    }
}
