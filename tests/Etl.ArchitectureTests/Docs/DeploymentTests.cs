using System.Text.RegularExpressions;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public sealed partial class DeploymentTests
{
    [Fact]
    public void Terraform_sets_only_settings_that_exist()
    {
        var settings = ConfigurationPage.Names.Select(n =>
            n.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()
        );
        var given = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "terraform"), "*.tf*")
            .SelectMany(f => Variable().Matches(File.ReadAllText(f)).Select(m => m.Value))
            .Distinct()
            .ToList();
        given.ShouldContain("ETL__SOURCE__URI");
        given.Except(settings).ShouldBeEmpty();
    }

    [Fact]
    public void The_runbook_has_a_procedure_for_every_alarm()
    {
        var alarms = AlarmName()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "terraform", "observability.tf")))
            .Select(m => $"`NAME-{m.Groups["name"].Value}`")
            .ToList();
        var runbook = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md"));
        alarms.Count.ShouldBeGreaterThan(4);
        alarms.Where(a => !runbook.Contains($"| {a} |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex("ETL__[A-Z0-9_]*[A-Z0-9]")]
    private static partial Regex Variable();

    [GeneratedRegex("^    (?<name>[a-z-]+) += \\{\r?\n      summary", RegexOptions.Multiline)]
    private static partial Regex AlarmName();
}
