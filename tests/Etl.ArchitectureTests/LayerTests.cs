using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests;

public sealed class LayerTests
{
    private const string LocalPostgres = "Etl.Hosts.Console.LocalPostgres";
    private const string Samples = "Etl.Hosts.Console.Samples";

    private static readonly string[] ToolWords = ["LocalPostgres", "LocalDatabase", "LocalServer", "Npm", "Sample"];

    [Fact]
    public void The_domain_references_only_the_base_library() =>
        References("Etl.Domain").ShouldAllBe(r => IsBaseLibrary(r));

    [Fact]
    public void The_application_references_no_adapter_or_driver() =>
        References("Etl.Application")
            .Where(r => !IsBaseLibrary(r))
            .Order()
            .ShouldBeSubsetOf([
                "Etl.Domain",
                "FluentValidation",
                "MediatR",
                "Microsoft.Extensions.DependencyInjection.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Options",
            ]);

    [Theory]
    [InlineData("Etl.Infrastructure")]
    [InlineData("Etl.Application")]
    [InlineData("Etl.Domain")]
    public void No_layer_references_a_host(string assembly) =>
        References(assembly).ShouldNotContain(r => r == "etl" || r.StartsWith("Etl.Hosts", StringComparison.Ordinal));

    [Theory]
    [InlineData("etl")]
    [InlineData("Etl.Hosts.Lambda")]
    public void No_host_uses_a_driver_or_an_SDK_except_the_local_PostgreSQL_its_driver(string assembly) =>
        Assemblies
            .WrittenTypes(Assemblies.Read(assembly))
            .SelectMany(
                t => NamespaceGraph.TypesUsedBy(t).SelectMany(NamespaceGraph.Parts),
                (t, used) => (t, used.Scope)
            )
            .Where(u => IsDriver(u.Scope.Name))
            .Where(u => u.t.Namespace != LocalPostgres || u.Scope.Name != "Npgsql")
            .Select(u => $"{u.t.FullName} -> {u.Scope.Name}")
            .Distinct()
            .ShouldBeEmpty();

    /// <summary>The developer's tools are in the console host, so they are not deployed as a function.</summary>
    [Fact]
    public void The_Lambda_host_has_no_local_PostgreSQL_and_no_sample_generator()
    {
        Tools("etl").ShouldContain(t => t.StartsWith(LocalPostgres, StringComparison.Ordinal));
        Tools("etl").ShouldContain(t => t.StartsWith(Samples, StringComparison.Ordinal));
        Tools("Etl.Hosts.Lambda").ShouldBeEmpty();
    }

    [Fact]
    public void Neither_host_references_the_other()
    {
        References("etl").ShouldNotContain("Etl.Hosts.Lambda");
        References("Etl.Hosts.Lambda").ShouldNotContain("etl");
    }

    private static IEnumerable<string> References(string assembly) =>
        Assemblies.Read(assembly).MainModule.AssemblyReferences.Select(r => r.Name);

    /// <summary>The types of the developer's tools in all assemblies that a host is published with.</summary>
    private static List<string> Tools(string host) =>
        [
            .. Deployed(host)
                .SelectMany(a => Assemblies.Read(a).MainModule.Types)
                .Select(t => t.FullName)
                .Where(t => ToolWords.Any(w => t.Contains(w, StringComparison.Ordinal))),
        ];

    /// <summary>The product's assemblies that a host is published with.</summary>
    private static HashSet<string> Deployed(string host)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>([host]);
        while (open.TryPop(out var assembly))
        {
            if (found.Add(assembly))
            {
                References(assembly).Where(Assemblies.Names.Contains).ToList().ForEach(open.Push);
            }
        }

        return found;
    }

    private static bool IsDriver(string reference) =>
        reference.StartsWith("Npgsql", StringComparison.Ordinal)
        || reference.StartsWith("AWSSDK", StringComparison.Ordinal)
        || reference.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
        || reference == "CsvHelper";

    private static bool IsBaseLibrary(string reference) =>
        reference.StartsWith("System.", StringComparison.Ordinal)
        || reference is "System" or "netstandard" or "mscorlib";
}
