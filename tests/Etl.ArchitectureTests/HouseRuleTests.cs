using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests;

public sealed class HouseRuleTests
{
    private static readonly string[] VagueEndings = ["Manager", "Helper", "Helpers", "Utils", "Util", "Common"];

    [Fact]
    public void No_type_is_named_Manager_Helper_or_Utils() =>
        AllWrittenTypes()
            .Where(t => VagueEndings.Any(v => t.Name.EndsWith(v, StringComparison.Ordinal)))
            .Select(t => t.FullName)
            .ShouldBeEmpty();

    [Fact]
    public void The_steps_folder_has_only_the_step_interfaces() =>
        Assemblies
            .WrittenTypes(Assemblies.Read("Etl.Application"))
            .Where(t => t.IsInterface && t.Namespace == "Etl.Application.Steps")
            .Select(t => t.Name)
            .Order()
            .ShouldBe(["IStepCommand", "IStepCommand`1", "IStepResult"]);

    [Fact]
    public void Every_port_has_an_adapter_in_infrastructure_or_a_host()
    {
        var adapters = new[] { "Etl.Infrastructure", "etl", "Etl.Hosts.Lambda" }
            .SelectMany(a => Assemblies.WrittenTypes(Assemblies.Read(a)))
            .SelectMany(t => t.NestedTypes.Prepend(t))
            .SelectMany(t => t.Interfaces)
            .Select(i => i.InterfaceType.FullName)
            .ToHashSet();
        Ports().Where(p => !adapters.Contains(p.FullName)).Select(p => p.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Every_asynchronous_port_method_takes_its_cancellation_token_last() =>
        Ports()
            .SelectMany(p => p.Methods)
            .Where(m => m.ReturnType.Name.StartsWith("Task", StringComparison.Ordinal))
            .Where(m => m.Parameters.LastOrDefault()?.ParameterType.Name != nameof(CancellationToken))
            .Select(m => m.FullName)
            .ShouldBeEmpty();

    [Fact]
    public void Commands_and_results_hold_no_rows()
    {
        string[] rows = ["Etl.Domain.Orders.Order", "Etl.Domain.Reviews.Review", "Etl.Domain.Shipments.Shipment"];
        Assemblies
            .WrittenTypes(Assemblies.Read("Etl.Application"))
            .SelectMany(t => t.Properties)
            .Where(p => rows.Any(r => p.PropertyType.FullName.Contains(r, StringComparison.Ordinal)))
            .Select(p => p.FullName)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Adapters_are_internal()
    {
        var ports = Ports().Select(p => p.FullName).ToHashSet();
        Assemblies
            .WrittenTypes(Assemblies.Read("Etl.Infrastructure"))
            .Where(t => t.IsPublic && t.Interfaces.Any(i => ports.Contains(i.InterfaceType.FullName)))
            .Select(t => t.FullName)
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_code_reads_the_system_clock() =>
        Assemblies
            .Names.SelectMany(n => Assemblies.Calls(Assemblies.Read(n)))
            .Where(c =>
                c.Called.DeclaringType.FullName is "System.DateTime" or "System.DateTimeOffset"
                && c.Called.Name is "get_Now" or "get_UtcNow" or "get_Today"
            )
            .Select(c => c.Caller.FullName)
            .ShouldBeEmpty();

    private static IEnumerable<TypeDefinition> Ports() =>
        Assemblies
            .WrittenTypes(Assemblies.Read("Etl.Application"))
            .Where(t => t.IsInterface && t.Namespace != "Etl.Application.Steps");

    private static IEnumerable<TypeDefinition> AllWrittenTypes() =>
        Assemblies.Names.SelectMany(n => Assemblies.WrittenTypes(Assemblies.Read(n)));
}
