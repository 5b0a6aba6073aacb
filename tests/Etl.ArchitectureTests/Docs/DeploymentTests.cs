using System.Globalization;
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
            .EnumerateFiles(Path.Combine(Repository.Root, "terraform"), "*.tf*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".tf" or ".tfvars")
            .SelectMany(f => Variable().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value))
            .Distinct()
            .ToList();
        given.ShouldContain("ETL__SOURCE__URI");
        given.Except(settings).ShouldBeEmpty();
    }

    [Fact]
    public void The_runbook_has_a_procedure_for_every_alarm()
    {
        var alarms = Alarms.ConvertAll(a => $"`NAME-{a}`");
        var runbook = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md"));
        alarms.Count.ShouldBeGreaterThan(4);
        alarms.Where(a => !runbook.Contains($"| {a} |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_costs_on_all_pages_are_the_computed_ones()
    {
        // A database that pauses has no alarm on its storage, which grows by itself.
        var alarmsOfZero = Alarms.Count(a => a != "database-storage");
        var page = Read("terraform", "README.md");
        var computed = CostTable().Replace(page, _ => DeploymentCost.Table(Alarms.Count, alarmsOfZero) + "\n", 1);
        if (Environment.GetEnvironmentVariable("ETL_GOLDEN") == "write")
        {
            File.WriteAllText(Path.Combine(Repository.Root, "terraform", "README.md"), computed);
            page = computed;
        }

        page.ShouldBe(computed, "write it with ETL_GOLDEN=write");
        var about = string.Create(
            CultureInfo.InvariantCulture,
            $"costs about {DeploymentCost.Dollars(Idle.Ready, Alarms.Count)} US dollars a month, with `idle = \"zero\"` about {DeploymentCost.Dollars(Idle.Zero, alarmsOfZero)}"
        );
        Regex.Replace(Read("README.md"), @"\s+", " ").ShouldContain(about);
        Regex.Replace(Read("docs", "cost.md"), @"\s+", " ").ShouldContain(about);
    }

    [Fact]
    public void The_example_and_the_defaults_are_what_the_costs_are_computed_for()
    {
        Read("terraform", "example.tfvars").ShouldContain($"instance_class = \"{DeploymentCost.DatabaseClass}\"");
        var data = Read("terraform", "modules", "etl", "variables-data.tf");
        data.ShouldMatch($@"instance_class +=\ optional\(string, ""{DeploymentCost.DatabaseClass}""\)");
        data.ShouldMatch($@"storage_gb +=\ optional\(number, {DeploymentCost.StorageGigabytes}\)");
        Read("terraform", "modules", "etl", "relay.tf")
            .ShouldMatch($@"memory_size +=\ {DeploymentCost.RelayMegabytes}\b");
        Read("terraform", "modules", "etl", "variables.tf")
            .ShouldMatch($@"memory_mb +=\ optional\(number, {DeploymentCost.MemoryMegabytes}\)");
    }

    [Fact]
    public void The_table_of_a_month_of_daily_runs_adds_up()
    {
        var rows = Read("docs", "cost.md")
            .Split('\n')
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        var items = rows.FindAll(r => r[^2].StartsWith("0.", StringComparison.Ordinal));
        var total = rows.Single(r => r[1] == "**total**");
        for (var column = 3; column <= 5; column++)
        {
            var sum = items.Sum(r => decimal.Parse(r[column], CultureInfo.InvariantCulture));
            total[column].ShouldBe(string.Create(CultureInfo.InvariantCulture, $"**{sum:0.00}**"));
        }

        var metrics = items.Single(r => r[1].StartsWith("CloudWatch metrics", StringComparison.Ordinal));
        metrics[^2].ShouldBe(DeploymentCost.Metrics.ToString("0.000000", CultureInfo.InvariantCulture));
    }

    private static List<string> Alarms =>
        [
            .. AlarmName()
                .Matches(Read("terraform", "modules", "etl", "observability.tf"))
                .Select(m => m.Groups["name"].Value),
        ];

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    [GeneratedRegex(@"\| item \| calculation \|[^\n]*\n(\|[^\n]*\n)+")]
    private static partial Regex CostTable();

    /// <summary>A setting's variable, without the number of an item of a list.</summary>
    [GeneratedRegex("(?<name>ETL__[A-Z0-9_]*[A-Z])(__[0-9]+)?")]
    private static partial Regex Variable();

    [GeneratedRegex("^    (?<name>[a-z-]+) += \\{\r?\n      summary", RegexOptions.Multiline)]
    private static partial Regex AlarmName();
}
