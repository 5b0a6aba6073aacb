using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

public sealed class UsageTests
{
    private readonly Screen screen = new();

    [Theory]
    [InlineData("demo")]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("sample")]
    [InlineData("runs")]
    [InlineData("runs", "show")]
    [InlineData("migrate")]
    [InlineData("db", "start")]
    [InlineData("db", "stop")]
    [InlineData("db", "url")]
    public async Task Help_of_a_verb_ends_with_an_example(params string[] verb)
    {
        (await screen.RunAsync([.. verb, "--help"])).ShouldBe(0);
        screen.Error.ShouldBeEmpty();
        var lines = screen.Out.TrimEnd().Split('\n');
        lines.ShouldContain(l => l.StartsWith("Example", StringComparison.Ordinal));
        lines[^1].ShouldContain($"etl {string.Join(' ', verb)}");
    }

    [Theory]
    [InlineData("help")]
    [InlineData("help", "run")]
    [InlineData("help", "runs", "show")]
    public async Task Help_as_a_verb_prints_the_same_as_the_option(params string[] args)
    {
        (await screen.RunAsync(args)).ShouldBe(0);
        var option = new Screen();
        (await option.RunAsync([.. args[1..], "--help"])).ShouldBe(0);
        screen.Out.ShouldBe(option.Out);
        screen.Out.ShouldContain("Usage:");
    }

    [Fact]
    public async Task Help_of_an_unknown_verb_is_bad_usage()
    {
        (await screen.RunAsync("help", "rum")).ShouldBe(2);
        screen.Error.ShouldContain("Unknown verb 'rum'. Did you mean run?");
    }

    [Theory]
    [InlineData("'2025-02-30' is not a date", "run", "--date", "2025-02-30")]
    [InlineData("'20250630' is not a date", "run", "--as-of", "20250630")]
    [InlineData("'2025-06-30T06:00:00' is not a timestamp", "run", "--at", "2025-06-30T06:00:00")]
    [InlineData("Give --at with --marker", "run", "--marker", "s3://shop/in/_SUCCESS")]
    [InlineData("--date or --at, not both", "run", "--date", "2025-06-30", "--at", "2025-06-30T06:00:00Z")]
    [InlineData("the value is not a scale", "sample", "--out", "x", "--scale", "XL")]
    [InlineData("'0' is not a scale", "sample", "--out", "x", "--scale", "0")]
    [InlineData("'101' is not a percentage", "sample", "--out", "x", "--dirty", "101")]
    [InlineData("'--out' is required", "sample")]
    [InlineData("Argument 2 of the command line is unknown to etl run.", "run", "--frobnicate")]
    [InlineData("Unknown verb 'rum'. Did you mean run?", "rum")]
    [InlineData("Unknown verb: argument 1 of the command line. The verbs are demo, run,", "frobnicate")]
    [InlineData("etl db requires a verb: start, stop, url.", "db")]
    [InlineData("Unknown verb 'strat' of etl db. Did you mean start?", "db", "strat")]
    [InlineData("The argument ID is not a run ID", "runs", "show", "yesterday")]
    [InlineData("The value of --last is not a number of rows", "runs", "--last", "-1")]
    [InlineData("The value of --limit is not a number of rows", "quarantine", "list", "--limit", "-1")]
    public async Task Bad_usage_is_exit_2_with_one_line_and_the_next_step(string text, params string[] args)
    {
        (await screen.RunAsync(args)).ShouldBe(2);
        screen.Out.ShouldBeEmpty();
        var lines = screen.Error.TrimEnd().Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("error: ");
        lines[0].ShouldContain(text);
        lines[1].ShouldStartWith("next:  ");
    }

    [Theory]
    [InlineData("Unknown option '--sorce' of etl run. Did you mean --source?", "run", "--sorce", "x")]
    [InlineData("Unknown option '--lst' of etl runs. Did you mean --last?", "runs", "--lst", "3")]
    [InlineData("Unknown option '-json' of etl runs. Did you mean --json?", "runs", "-json")]
    [InlineData(
        "Unknown option '--dateset' of etl quarantine list. Did you mean --dataset?",
        "quarantine",
        "list",
        "--dateset=x"
    )]
    [InlineData("Unknown option '--quite' of etl db stop. Did you mean --quiet?", "db", "stop", "--quite")]
    [InlineData("Unknown verb 'shwo' of etl runs. Did you mean show?", "runs", "shwo", "20250630-001")]
    [InlineData(
        "Arguments 2, 3 of the command line are unknown to etl run. Quote values that contain spaces.",
        "run",
        "-s",
        "x"
    )]
    public async Task A_mistyped_option_or_verb_is_reported_without_its_values(string text, params string[] args)
    {
        (await screen.RunAsync(args)).ShouldBe(2);
        screen.Error.Split('\n')[0].ShouldBe($"error: {text}");
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("runs", "show", "20250630-001")]
    [InlineData("runs", "cost")]
    [InlineData("report")]
    [InlineData("quarantine", "list")]
    [InlineData("quarantine", "export", "--run", "20250630-001", "--dataset", "orders", "--out", "x")]
    public async Task A_verb_that_reads_runs_explains_a_new_machine_and_creates_nothing(params string[] args)
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        (await screen.RunAsync([.. args, $"--Etl:LocalPostgres:DataDirectory={folder}"])).ShouldBe(5);
        screen.Error.ShouldStartWith("error: There is no run yet: no connection string is set");
        screen.Error.ShouldContain("`etl demo`");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Help_of_run_explains_settings_and_exit_codes()
    {
        (await screen.RunAsync("run", "--help")).ShouldBe(0);
        screen.Out.ShouldContain("ETL__SECTION__NAME");
        screen.Out.ShouldContain("  7  another run is in progress");
    }

    [Fact]
    public async Task Bad_usage_of_run_prints_the_json_document_of_a_run()
    {
        (await screen.RunAsync("run", "--json", "--date", "2025-06-31")).ShouldBe(2);
        screen
            .Json.EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe([
                "runId",
                "businessDate",
                "asOf",
                "status",
                "exitCode",
                "durationMs",
                "sources",
                "tests",
                "exports",
                "manifest",
                "report",
                "warnings",
                "error",
                "sourceChanged",
                "baseRunId",
                "peakMemoryBytes",
                "cost",
                "figures",
            ]);
        screen.Json.GetProperty("status").GetString().ShouldBe("failed");
        screen.Json.GetProperty("exitCode").GetInt32().ShouldBe(2);
        var error = screen.Json.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("usage");
        error.GetProperty("message").GetString()!.ShouldContain("2025-06-31");
        error.GetProperty("nextStep").GetString()!.ShouldContain("etl run --help");
        error.GetProperty("retryable").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("sample", "--json")]
    [InlineData("runs", "--json", "--last", "many")]
    [InlineData("check", "--json", "--date", "1")]
    [InlineData("nonsense", "--json")]
    public async Task Bad_usage_of_any_verb_prints_one_json_document(params string[] args)
    {
        (await screen.RunAsync(args)).ShouldBe(2);
        screen.Json.GetProperty("status").GetString().ShouldBe("failed");
        screen.Json.GetProperty("exitCode").GetInt32().ShouldBe(2);
        screen.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("usage");
    }

    [Fact]
    public async Task The_sample_prints_the_written_files_as_json()
    {
        var folder = Directory.CreateTempSubdirectory("etl-sample-").FullName;
        try
        {
            (await screen.RunAsync("sample", "--out", folder, "--scale", "100", "--dirty", "10", "--json")).ShouldBe(0);
            var files = screen.Json.GetProperty("files").EnumerateArray().ToList();
            files.Select(f => f.GetProperty("rows").GetInt64()).Take(3).ShouldBe([100, 50, 100]);
            files[0].GetProperty("dirty").GetInt64().ShouldBeGreaterThan(0);
            foreach (var file in files)
            {
                var path = file.GetProperty("path").GetString()!;
                file.GetProperty("bytes").GetInt64().ShouldBe(new FileInfo(path).Length);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_sample_that_cannot_be_written_is_reported()
    {
        var file = Path.GetTempFileName();
        try
        {
            (await screen.RunAsync("sample", "--out", file)).ShouldBe(2);
            screen.Error.ShouldContain("Could not write the sample");
            screen.Error.ShouldNotContain("   at ");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
