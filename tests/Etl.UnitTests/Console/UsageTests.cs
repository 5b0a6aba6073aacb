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
    [InlineData("'2025-02-30' is not a day", "run", "--date", "2025-02-30")]
    [InlineData("'20250630' is not a day", "run", "--as-of", "20250630")]
    [InlineData("'2025-06-30T06:00:00' is not a moment", "run", "--at", "2025-06-30T06:00:00")]
    [InlineData("--date or --at, not both", "run", "--date", "2025-06-30", "--at", "2025-06-30T06:00:00Z")]
    [InlineData("the value is not a scale", "sample", "--out", "x", "--scale", "XL")]
    [InlineData("'0' is not a scale", "sample", "--out", "x", "--scale", "0")]
    [InlineData("'101' is not a percentage", "sample", "--out", "x", "--dirty", "101")]
    [InlineData("'--out' is required", "sample")]
    [InlineData("Word 2 of the command line is not understood by etl run", "run", "--frobnicate")]
    [InlineData("did you mean run?", "rum")]
    [InlineData("Word 1 of the command line is not a verb of etl", "frobnicate")]
    [InlineData("etl db needs a verb: start, stop, url", "db")]
    [InlineData("did you mean start?", "db", "strat")]
    [InlineData("The argument ID is not a run ID", "runs", "show", "yesterday")]
    public async Task Bad_usage_is_exit_2_one_readable_line_and_the_mend(string words, params string[] args)
    {
        (await screen.RunAsync(args)).ShouldBe(2);
        screen.Out.ShouldBeEmpty();
        var lines = screen.Error.TrimEnd().Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("error: ");
        lines[0].ShouldContain(words);
        lines[1].ShouldStartWith("next:  ");
    }

    [Fact]
    public async Task Bad_usage_of_run_answers_json_in_the_shape_of_a_run()
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
                "baseRunId",
                "peakMemoryBytes",
                "cost",
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
    public async Task Bad_usage_of_any_verb_answers_one_json_document(params string[] args)
    {
        (await screen.RunAsync(args)).ShouldBe(2);
        screen.Json.GetProperty("status").GetString().ShouldBe("failed");
        screen.Json.GetProperty("exitCode").GetInt32().ShouldBe(2);
        screen.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("usage");
    }

    [Fact]
    public async Task The_sample_answers_json_with_what_was_written()
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
    public async Task A_sample_that_cannot_be_written_says_so()
    {
        var file = Path.GetTempFileName();
        try
        {
            (await screen.RunAsync("sample", "--out", file)).ShouldBe(2);
            screen.Error.ShouldContain("cannot be written");
            screen.Error.ShouldNotContain("   at ");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
