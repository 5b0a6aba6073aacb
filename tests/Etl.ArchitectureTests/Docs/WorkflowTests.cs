using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public sealed partial class WorkflowTests
{
    private static readonly UnixFileMode Execute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Fact]
    public void Every_program_of_the_project_that_a_workflow_runs_exists_and_can_be_executed()
    {
        var programs = Workflows()
            .SelectMany(w => Program().Matches(w).Select(m => m.Value))
            .Distinct()
            .Order()
            .ToList();
        programs.ShouldBe([".ci/run", "build/deploy", "build/image", "build/sbom"]);
        programs
            .Select(p => Path.Combine(Repository.Root, p))
            .Where(p =>
                !File.Exists(p) || (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(p) & Execute) != Execute)
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void Workflows_may_read_the_contents_and_only_the_deployment_gets_an_identity_and_no_key()
    {
        foreach (var workflow in Workflows())
        {
            workflow.ShouldContain("permissions:\n  contents: read\n");
            workflow.ShouldNotContain("write-all");
            workflow.ShouldNotContain("AWS_SECRET");
            workflow
                .Contains("id-token: write", StringComparison.Ordinal)
                .ShouldBe(workflow.StartsWith("# Deploys", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_job_has_a_time_limit_and_steps_of_published_actions_or_of_valid_commands()
    {
        foreach (
            var (file, job) in Parsed()
                .SelectMany(w => w.Value.GetProperty("jobs").EnumerateObject().Select(j => (w.Key, j.Value)))
        )
        {
            job.GetProperty("timeout-minutes").GetInt32().ShouldBeInRange(1, 120, file);
            job.GetProperty("runs-on").GetString().ShouldBe("ubuntu-24.04", file);
            foreach (var step in job.GetProperty("steps").EnumerateArray())
            {
                if (step.TryGetProperty("uses", out var action))
                {
                    step.TryGetProperty("run", out _).ShouldBeFalse(file);
                    action.GetString()!.ShouldMatch("^[a-z-]+/[a-z-]+@v[0-9]+$", file);
                }
                else
                {
                    var run = step.GetProperty("run").GetString()!;
                    run.ShouldNotContain(
                        "${{ secrets.",
                        Case.Sensitive,
                        "a secret is passed as a variable, never as text of a command"
                    );
                    Bash("-nc", Expression().Replace(run, "expression")).ShouldBe("", $"{file}: {run}");
                }
            }
        }
    }

    [Fact]
    public void Every_option_that_a_workflow_gives_to_a_program_of_the_project_is_documented_there()
    {
        var calls = Parsed()
            .SelectMany(w => w.Value.GetProperty("jobs").EnumerateObject())
            .SelectMany(j => j.Value.GetProperty("steps").EnumerateArray())
            .Select(s => s.TryGetProperty("run", out var run) ? run.GetString()! : "")
            .SelectMany(r => r.Split('\n'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Any(w => w.StartsWith("build/", StringComparison.Ordinal)))
            .SelectMany(words =>
                words.Skip(1).Where(w => w.StartsWith('-')).Select(w => (Program: words[0], Option: w))
            )
            .ToList();
        calls.ShouldContain(("build/deploy", "--yes"));
        calls
            .Where(c =>
                !File.ReadLines(Path.Combine(Repository.Root, c.Program))
                    .TakeWhile(l => l.StartsWith('#'))
                    .Any(l => l.Contains($" {c.Option} ", StringComparison.Ordinal))
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void Files_that_a_deployment_writes_are_ignored_by_git_because_it_requires_a_clean_tree()
    {
        var written = Workflows()
            .SelectMany(w => Written().Matches(w).Select(m => m.Groups["file"].Value))
            .Distinct()
            .ToList();
        written.ShouldBe(
            ["terraform/backend.tf", "terraform/terraform.tfvars", "artifacts/etl.cdx.json"],
            ignoreOrder: true
        );
        foreach (var file in written)
        {
            Bash(
                    "-c",
                    $"cd '{Repository.Root}' && git check-ignore --quiet --no-index '{file}' || echo 'not ignored: {file}'"
                )
                .ShouldBe("");
        }
    }

    private static IEnumerable<string> Workflows() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml")
            .Select(File.ReadAllText);

    /// <summary>The workflows by file name, read by the YAML library of Python.</summary>
    private static Dictionary<string, JsonElement> Parsed()
    {
        const string Read =
            "import json, pathlib, sys, yaml; print(json.dumps({p.name: yaml.load(p.read_text(), yaml.SafeLoader) for p in pathlib.Path(sys.argv[1]).glob('*.yml')}))";
        var folder = Path.Combine(Repository.Root, ".github", "workflows");
        if (Run("python3", ["-c", "import yaml"]).ExitCode != 0 && !PostgresServer.IsRequired)
        {
            Assert.Skip("The YAML library of Python is not installed (Debian: python3-yaml).");
        }

        var (exitCode, output) = Run("python3", ["-c", Read, folder]);
        exitCode.ShouldBe(0, output);
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(output)!;
    }

    private static string Bash(string option, string text) => Run("bash", [option, text]).Output;

    private static (int ExitCode, string Output) Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    [GeneratedRegex(@"\$\{\{[^}]*\}\}")]
    private static partial Regex Expression();

    [GeneratedRegex(@"(> |build/sbom )(?<file>[a-z./]+)(?=\s)")]
    private static partial Regex Written();

    [GeneratedRegex(@"(?<=\s)(\.ci|build)/[a-z-]+(?=\s)")]
    private static partial Regex Program();
}
