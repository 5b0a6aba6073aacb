using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests;

public sealed class NamespaceTests
{
    /// <summary>Application's namespaces in dependency order: each uses only those before it.</summary>
    private static readonly string[] Application =
    [
        "Etl.Application.Errors",
        "Etl.Application.Options",
        "Etl.Application.Runs",
        "Etl.Application.Steps",
        "Etl.Application.Extract",
        "Etl.Application.Stage",
        "Etl.Application.Transform",
        "Etl.Application.Publish",
        "Etl.Application.Export",
        "Etl.Application.Notify",
        "Etl.Application.Operations",
        "Etl.Application",
    ];

    /// <summary>The developer's tools, then the layers of the program.</summary>
    private static readonly string[] Console =
    [
        "Etl.Hosts.Console.LocalPostgres",
        "Etl.Hosts.Console.Samples",
        "Etl.Hosts.Console.Cli",
        "Etl.Hosts.Console.Output",
        "Etl.Hosts.Console.Hosting",
        "Etl.Hosts.Console.Verbs",
        "Etl.Hosts.Console",
    ];

    /// <summary>What the adapters of several steps share; each of these namespaces uses only those before it.</summary>
    private static readonly string[] Shared =
    [
        "Etl.Infrastructure.FileSystem",
        "Etl.Infrastructure.Settings",
        "Etl.Infrastructure.Aws",
        "Etl.Infrastructure.Postgres",
    ];

    public static TheoryData<string> AllAssemblies => [.. Assemblies.Names];

    [Theory]
    [MemberData(nameof(AllAssemblies))]
    public void Namespaces_of_an_assembly_form_no_cycle(string assembly) =>
        new NamespaceGraph(Assemblies.Read(assembly)).Cycles().ShouldBeEmpty();

    [Fact]
    public void Namespaces_of_the_application_use_only_earlier_ones() =>
        ShouldBeInOrder("Etl.Application", Application);

    [Fact]
    public void Namespaces_of_the_console_host_use_only_earlier_ones() => ShouldBeInOrder("etl", Console);

    private static void ShouldBeInOrder(string assembly, string[] order)
    {
        var graph = new NamespaceGraph(Assemblies.Read(assembly));
        graph.Uses.Keys.ShouldBe(order, ignoreOrder: true);
        graph
            .Uses.SelectMany(u => u.Value.Select(used => (From: u.Key, To: used)))
            .Where(arrow => Array.IndexOf(order, arrow.To) > Array.IndexOf(order, arrow.From))
            .Select(arrow => graph.Reason(arrow.From, arrow.To))
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_shared_folders_of_the_infrastructure_use_no_folder_of_a_step()
    {
        var graph = new NamespaceGraph(Assemblies.Read("Etl.Infrastructure"));
        Shared.ShouldBeSubsetOf(graph.Uses.Keys);
        graph
            .Uses.Where(u => Shared.Contains(u.Key))
            .SelectMany(u => u.Value.Select(used => (From: u.Key, To: used)))
            .Where(arrow => !Shared.TakeWhile(s => s != arrow.From).Contains(arrow.To))
            .Select(arrow => graph.Reason(arrow.From, arrow.To))
            .ShouldBeEmpty();
    }
}
