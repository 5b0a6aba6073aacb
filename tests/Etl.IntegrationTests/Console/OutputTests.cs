using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>Output that cannot be written: exit code 9 without a stack trace, and what the command did stands.</summary>
public sealed class OutputTests(PostgresServer server)
{
    private const string Full = "exec \"$@\" > /dev/full";
    private const string ErrorFull = "exec \"$@\" 2> /dev/full";
    private const string ClosedPipe = "exec 3> >(:); wait $!; exec \"$@\" >&3";

    private static readonly string[][] Verbs =
    [
        ["run", "--date", Workplace.Day, "--force"],
        ["backfill", "--from", Workplace.Day, "--to", Workplace.Day],
        ["demo"],
        ["plan", "--date", Workplace.Day],
        ["check"],
        ["doctor", "--date", Workplace.Day],
        ["runs"],
        ["runs", "show", "20250630-001"],
        ["runs", "cost"],
        ["report"],
        ["quarantine", "list"],
        ["quarantine", "export", "--run", "20250630-001", "--dataset", "orders", "--out", "rejected"],
        ["sample", "--out", "sample", "--scale", "10"],
        ["migrate"],
        ["db", "stop"],
    ];

    private static readonly string[][] VerbsOfText =
    [
        ["completion", "bash"],
        ["help"],
        ["run", "--help"],
        ["--version"],
    ];

    [Fact]
    public async Task Every_verb_whose_stdout_is_full_ends_with_9_and_names_it() =>
        await EndWith9Async(Full, [.. Verbs, .. VerbsOfText]);

    [Fact]
    public async Task A_verb_whose_stdout_is_a_closed_pipe_ends_with_9_as_text_and_as_JSON() =>
        await EndWith9Async(
            ClosedPipe,
            ["run", "--date", Workplace.Day, "--force"],
            ["run", "--date", Workplace.Day, "--force", "--json"],
            ["check", "--json"],
            ["runs"],
            ["--help"]
        );

    [Theory]
    [InlineData("run", "--date", Workplace.Day)]
    [InlineData("run", "--date", Workplace.Day, "--json")]
    [InlineData("backfill", "--from", Workplace.Day, "--to", Workplace.Day)]
    [InlineData("sample", "--out", "sample", "--scale", "10")]
    public async Task A_command_whose_stderr_cannot_be_written_prints_its_result_and_ends_with_9(params string[] line)
    {
        SkipWithoutShell();
        await using var place = await Workplace.CreateAsync(server);
        var ended = await EtlProcess.RunFromAsync(ErrorFull, place.Folder, [.. line, .. Settings(place)]);
        ended.ExitCode.ShouldBe(9);
        ended.Out.ShouldNotBeEmpty();
        if (line[0] != "sample")
        {
            (await place.RowsAsync("(select status from etl.runs)")).ShouldBe(["(succeeded)"]);
        }
    }

    [Fact]
    public async Task A_failure_keeps_its_own_exit_code()
    {
        SkipWithoutShell();
        var ended = await EtlProcess.RunFromAsync(Full, Path.GetTempPath(), "check", "--source", "/nowhere", "--json");
        ended.ExitCode.ShouldBe(3, ended.Error);
        ended.Error.ShouldNotContain("   at ");
    }

    private async Task EndWith9Async(string script, params string[][] lines)
    {
        SkipWithoutShell();
        await using var place = await Workplace.CreateAsync(server);
        await File.AppendAllTextAsync(place.SourceFile("orders.csv"), "no,order,at,all\n");
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        foreach (var line in lines)
        {
            var ended = await EtlProcess.RunFromAsync(script, place.Folder, [.. line, .. Settings(place)]);

            var name = string.Join(' ', line);
            ended.ExitCode.ShouldBe(9, $"{name}: {ended.Error}");
            ended.Error.ShouldNotContain("   at ", customMessage: name);
            var errors = ended.Error.Split('\n').Where(l => l.StartsWith("error: ", StringComparison.Ordinal)).ToList();
            errors.ShouldHaveSingleItem(name).ShouldStartWith("error: The command succeeded, but its output");
        }

        (await place.QueryAsync<long>("select count(*) from etl.runs where status = 'failed'")).ShouldBe(0);
    }

    private static void SkipWithoutShell() =>
        Assert.SkipUnless(File.Exists("/dev/full") && File.Exists("/bin/bash"), "/dev/full or /bin/bash is missing.");

    private static string[] Settings(Workplace place) =>
        [
            $"--Etl:Source:Uri={place.Source}",
            $"--Etl:Lake:Uri={place.Lake}",
            $"--Etl:Postgres:ConnectionString={place.Connection}",
            $"--Etl:LocalPostgres:DataDirectory={Path.Combine(place.Folder, "pg")}",
        ];
}
