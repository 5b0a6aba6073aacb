using Mono.Cecil;

namespace Etl.ArchitectureTests;

/// <summary>The product's assemblies, read from the test's output folder.</summary>
internal static class Assemblies
{
    public static readonly string[] Names =
    [
        "Etl.Domain",
        "Etl.Application",
        "Etl.Infrastructure",
        "Etl.Hosts.Lambda",
        "etl",
    ];

    public static AssemblyDefinition Read(string name) =>
        AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

    /// <summary>Types from source files: no state machines, closures or generated code.</summary>
    public static IEnumerable<TypeDefinition> WrittenTypes(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.Where(t =>
            !t.Name.Contains('<', StringComparison.Ordinal)
            && t.Namespace.StartsWith("Etl.", StringComparison.Ordinal)
            && !t.Namespace.EndsWith(".Generated", StringComparison.Ordinal)
        );

    /// <summary>Every call in the assembly's code.</summary>
    public static IEnumerable<(MethodDefinition Caller, MethodReference Called)> Calls(AssemblyDefinition assembly) =>
        from type in AllTypes(assembly.MainModule.Types)
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        let called = instruction.Operand as MethodReference
        where called is not null
        select (method, called);

    private static IEnumerable<TypeDefinition> AllTypes(IEnumerable<TypeDefinition> types) =>
        types.SelectMany(t => AllTypes(t.NestedTypes).Prepend(t));
}
