using System.Text.RegularExpressions;
using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests;

public sealed partial class ConfigurationTests
{
    [Fact]
    public void The_configuration_page_names_every_setting_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var told = SettingName().Matches(page).Select(m => m.Value.Trim('`', '|', ' ')).Order().ToList();
        told.ShouldBe([.. Settings().Order()]);
    }

    private static IEnumerable<string> Settings() =>
        from assembly in new[] { "Etl.Application", "Etl.Infrastructure" }
        from type in Assemblies.WrittenTypes(Assemblies.Read(assembly))
        where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.Name != "SampleOptions" && type.IsPublic
        from property in type.Properties
        where property.GetMethod is { IsPublic: true, IsStatic: false }
        select $"Etl:{type.Name[..^"Options".Length]}:{property.Name}";

    [GeneratedRegex("^\\| `Etl:[A-Za-z0-9:]+`", RegexOptions.Multiline)]
    private static partial Regex SettingName();
}
