using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Verbs;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary>Schedulers rely on the exit codes: the code of a cause never changes.</summary>
public sealed partial class ExitCodeTests
{
    private static readonly Dictionary<int, string[]> Documented = new()
    {
        [1] = ["internal", "notify"],
        [2] = ["usage", "configuration"],
        [3] =
        [
            "source_missing",
            "source_late",
            "source_ambiguous",
            "source_empty",
            "source_incomplete",
            "source_shrunk",
            "source_unchanged",
            "source_volume",
            "source_header",
            "source_unreadable",
            "source_changed",
        ],
        [4] = ["reject_limit", "data_test", "row_count_mismatch"],
        [5] = ["database_unreachable", "database"],
        [6] = ["lake", "lake_conflict"],
        [7] = ["in_progress", "lease_lost"],
        [8] = ["deadline", "cancelled"],
        [9] = ["output"],
    };

    [Fact]
    public void Every_cause_has_its_documented_exit_code() =>
        Enum.GetValues<ErrorCode>()
            .Select(c => $"{c.ExitCode()} {c.Text()}")
            .ShouldBe(Documented.SelectMany(p => p.Value.Select(text => $"{p.Key} {text}")), ignoreOrder: true);

    [Fact]
    public void The_runbook_and_the_help_of_run_document_each_exit_code() =>
        Row()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md")))
            .Select(row =>
                KeyValuePair.Create(
                    int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture),
                    row.Groups["cause"].Value
                )
            )
            .ShouldBe(RunNotes.ExitCodes);

    [Fact]
    public void Help_of_run_explains_each_exit_code() => RunNotes.ExitCodes.Keys.ShouldBe(Documented.Keys.Prepend(0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_internal_error_is_exit_1_and_shows_its_stack_trace_only_with_verbose(bool verbose)
    {
        var error = new StringWriter();
        var terminal = new Terminal(new BrokenWriter(), error, OutIsTerminal: false, ErrorIsTerminal: false);
        string[] line = ["completion", "bash"];
        (await EtlCli.RunAsync(verbose ? [.. line, "--verbose"] : line, terminal)).ShouldBe(1);
        error.ToString().ShouldStartWith("error: Internal error (InvalidDataException).");
        error.ToString().Contains("inner workings", StringComparison.Ordinal).ShouldBe(verbose);
        error.ToString().Contains("   at ", StringComparison.Ordinal).ShouldBe(verbose);
    }

    [GeneratedRegex(
        @"^\| (?<code>[0-9]) \| (?<cause>[^|]*) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
    )]
    private static partial Regex Row();

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidDataException("inner workings");
    }
}
