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

    private static IEnumerable<string> Workflows() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml")
            .Select(File.ReadAllText);

    [GeneratedRegex(@"(?<=\s)(\.ci|build)/[a-z-]+(?=\s)")]
    private static partial Regex Program();
}
