using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests;

public sealed class LayerTests
{
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
    public void No_host_references_a_driver_or_SDK(string assembly) =>
        References(assembly)
            .ShouldNotContain(r =>
                r.StartsWith("Npgsql", StringComparison.Ordinal)
                || r.StartsWith("AWSSDK", StringComparison.Ordinal)
                || r.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
                || r == "CsvHelper"
            );

    [Fact]
    public void Neither_host_references_the_other()
    {
        References("etl").ShouldNotContain("Etl.Hosts.Lambda");
        References("Etl.Hosts.Lambda").ShouldNotContain("etl");
    }

    private static IEnumerable<string> References(string assembly) =>
        Assemblies.Read(assembly).MainModule.AssemblyReferences.Select(r => r.Name);

    private static bool IsBaseLibrary(string reference) =>
        reference.StartsWith("System.", StringComparison.Ordinal)
        || reference is "System" or "netstandard" or "mscorlib";
}
