using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Etl.TestKit;

/// <summary>
/// Validates documents against the keywords of JSON Schema 2020-12 that docs/schema uses. An unknown keyword is an error of
/// the schema, and an undescribed property is a violation.
/// </summary>
public sealed class JsonSchema
{
    /// <summary>The schemas of the output of <c>--json</c>.</summary>
    public static JsonSchema OfDocs { get; } = new(Path.Combine(Repository.Root, "docs", "schema"));

    private static readonly HashSet<string> Known =
    [
        "$schema",
        "$defs",
        "$ref",
        "title",
        "description",
        "type",
        "enum",
        "pattern",
        "minimum",
        "maximum",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "anyOf",
    ];

    private readonly string folder;
    private readonly Dictionary<string, JsonElement> files = [];

    /// <param name="folder">The folder of the schemas.</param>
    public JsonSchema(string folder) => this.folder = folder;

    /// <summary>The violations of a document, each with its path.</summary>
    public IReadOnlyList<string> Violations(string file, JsonElement document) =>
        [.. Look(new Place(file, Read(file)), document, "$")];

    private IEnumerable<string> Look(Place schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.Node.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name))
            {
                throw new NotSupportedException($"{schema.File}: {keyword.Name}");
            }

            foreach (var exception in Look(schema, keyword.Name, keyword.Value, value, path))
            {
                yield return exception;
            }
        }
    }

    private IEnumerable<string> Look(Place schema, string keyword, JsonElement rule, JsonElement value, string path) =>
        keyword switch
        {
            "$ref" => Look(Resolve(schema, rule.GetString()!), value, path),
            "type" => Is(HasType(rule, value), $"{path} is {value.ValueKind}, not {rule}"),
            "enum" => Is(rule.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)), $"{path} is {value}"),
            "pattern" => Is(
                value.ValueKind != JsonValueKind.String
                    || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
                $"{path} is '{value}', not {rule}"
            ),
            "minimum" => Is(!IsNumber(value) || value.GetDecimal() >= rule.GetDecimal(), $"{path} is {value}"),
            "maximum" => Is(!IsNumber(value) || value.GetDecimal() <= rule.GetDecimal(), $"{path} is {value}"),
            "required" => rule.EnumerateArray()
                .Where(name => IsObject(value) && !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{path} lacks {name}"),
            "properties" => IsObject(value)
                ? value
                    .EnumerateObject()
                    .SelectMany(p =>
                        rule.TryGetProperty(p.Name, out var node)
                            ? Look(schema with { Node = node }, p.Value, $"{path}.{p.Name}")
                            : [$"{path}.{p.Name} is not described"]
                    )
                : [],
            "additionalProperties" => IsObject(value)
                ? value
                    .EnumerateObject()
                    .SelectMany(p => Look(schema with { Node = rule }, p.Value, $"{path}.{p.Name}"))
                : [],
            "items" => value.ValueKind == JsonValueKind.Array
                ? value.EnumerateArray().SelectMany((v, i) => Look(schema with { Node = rule }, v, Item(path, i)))
                : [],
            "anyOf" => AnyOf(schema, rule, value, path),
            _ => [],
        };

    private List<string> AnyOf(Place schema, JsonElement rule, JsonElement value, string path)
    {
        return rule.EnumerateArray()
            .Select(s => Look(schema with { Node = s }, value, path).ToList())
            .OrderBy(f => f.Count)
            .First();
    }

    private Place Resolve(Place from, string reference)
    {
        var parts = reference.Split('#');
        var file = parts[0].Length == 0 ? from.File : Path.GetFileNameWithoutExtension(parts[0]);
        var node = Read(file);
        foreach (var name in parts.ElementAtOrDefault(1)?.Split('/').Skip(1) ?? [])
        {
            node =
                node.ValueKind == JsonValueKind.Array
                    ? node[int.Parse(name, CultureInfo.InvariantCulture)]
                    : node.GetProperty(name);
        }

        return new Place(file, node);
    }

    private JsonElement Read(string file)
    {
        if (!files.TryGetValue(file, out var schema))
        {
            schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, $"{file}.json"))).RootElement;
            files[file] = schema;
        }

        return schema;
    }

    private static bool HasType(JsonElement rule, JsonElement value) =>
        rule.ValueKind == JsonValueKind.Array
            ? rule.EnumerateArray().Any(t => HasType(t, value))
            : rule.GetString() switch
            {
                "integer" => IsNumber(value) && value.TryGetInt64(out _),
                "number" => IsNumber(value),
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                var name => string.Equals(value.ValueKind.ToString(), name, StringComparison.OrdinalIgnoreCase),
            };

    private static IEnumerable<string> Is(bool well, string exception) => well ? [] : [exception];

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static string Item(string path, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    private sealed record Place(string File, JsonElement Node);
}
