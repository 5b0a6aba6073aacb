using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Etl.ArchitectureTests;

/// <summary>The dependencies between the namespaces of one assembly, from signatures and method bodies.</summary>
internal sealed class NamespaceGraph
{
    private readonly Dictionary<string, SortedSet<string>> uses = [];
    private readonly Dictionary<(string From, string To), SortedSet<string>> reasons = [];

    public NamespaceGraph(AssemblyDefinition assembly)
    {
        var own = Assemblies.WrittenTypes(assembly).Select(t => t.Namespace).ToHashSet();
        foreach (var type in Assemblies.WrittenTypes(assembly))
        {
            foreach (var used in TypesUsedBy(type).SelectMany(Parts))
            {
                Add(type, used, own);
            }
        }
    }

    /// <summary>Each namespace with the namespaces that it uses.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Uses => uses;

    /// <summary>Groups of namespaces that depend on each other, with the types that cause it.</summary>
    public IEnumerable<string> Cycles()
    {
        var reach = uses.Keys.ToDictionary(n => n, Reachable);
        var left = new SortedSet<string>(uses.Keys.Where(n => reach[n].Contains(n)));
        while (left.Count > 0)
        {
            var first = left.Min!;
            var cycle = left.Where(n => n == first || (reach[first].Contains(n) && reach[n].Contains(first))).ToList();
            left.ExceptWith(cycle);
            yield return string.Join("; ", cycle.SelectMany(n => Arrows(n, cycle)));
        }
    }

    /// <summary>The types that make one namespace depend on another.</summary>
    public string Reason(string from, string to) => $"{from} -> {to} by {string.Join(", ", reasons[(from, to)])}";

    private IEnumerable<string> Arrows(string from, List<string> among) =>
        uses[from].Where(among.Contains).Select(to => Reason(from, to));

    private HashSet<string> Reachable(string start)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>(uses[start]);
        while (open.TryPop(out var next))
        {
            if (found.Add(next) && uses.TryGetValue(next, out var more))
            {
                more.ToList().ForEach(open.Push);
            }
        }

        return found;
    }

    private void Add(TypeDefinition from, TypeReference to, HashSet<string> own)
    {
        var outer = to;
        while (outer.DeclaringType is { } declaring)
        {
            outer = declaring;
        }

        uses.TryAdd(from.Namespace, []);
        if (own.Contains(outer.Namespace) && outer.Namespace != from.Namespace && outer.Scope == from.Scope)
        {
            uses[from.Namespace].Add(outer.Namespace);
            reasons.TryAdd((from.Namespace, outer.Namespace), []);
            reasons[(from.Namespace, outer.Namespace)].Add($"{from.Name}:{outer.Name}");
        }
    }

    /// <summary>Every type that a type names in its signatures and its code, with those of its nested types.</summary>
    internal static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type) =>
        type
            .NestedTypes.SelectMany(TypesUsedBy)
            .Concat(type.Interfaces.Select(i => i.InterfaceType))
            .Concat(type.CustomAttributes.Select(a => a.AttributeType))
            .Concat(type.Fields.Select(f => f.FieldType))
            .Concat(type.Properties.Select(p => p.PropertyType))
            .Concat(type.Methods.SelectMany(TypesUsedBy))
            .Append(type.BaseType)
            .Where(t => t is not null);

    private static IEnumerable<TypeReference> TypesUsedBy(MethodDefinition method)
    {
        var signature = method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType);
        return method.HasBody
            ? signature
                .Concat(method.Body.Variables.Select(v => v.VariableType))
                .Concat(method.Body.Instructions.SelectMany(TypesUsedBy))
            : signature;
    }

    private static IEnumerable<TypeReference> TypesUsedBy(Instruction instruction) =>
        instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
            MethodReference method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method.Parameters.Select(p => p.ParameterType),
            ],
            _ => [],
        };

    /// <summary>A generic type with its arguments, an array with its element type.</summary>
    internal static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
            TypeSpecification special => Parts(special.ElementType),
            GenericParameter => [],
            _ => [type],
        };
}
