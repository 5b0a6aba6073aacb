using System.Text.Json.Nodes;

namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>The JSON of OpenLineage datasets and facets.</summary>
internal static class Facets
{
    public const string Spec = "https://openlineage.io/spec";
    public const string Producer = "urn:etl:pipeline";

    public static JsonObject Dataset(DatasetName name) =>
        new() { ["namespace"] = name.Namespace, ["name"] = name.Name };

    /// <param name="columns">Names and SQL types; a type that is unknown is null and left out.</param>
    public static JsonObject Schema(IEnumerable<(string Name, string? Type)> columns)
    {
        var facet = Facet("1-1-1/SchemaDatasetFacet");
        facet["fields"] = new JsonArray([
            .. columns.Select(c =>
                c.Type is null
                    ? new JsonObject { ["name"] = c.Name }
                    : new JsonObject { ["name"] = c.Name, ["type"] = c.Type }
            ),
        ]);
        return facet;
    }

    /// <param name="schema">Version and name of a facet of the specification; null for a facet of this project.</param>
    /// <param name="values">The facet's values; null values are left out.</param>
    public static JsonObject Facet(string? schema, params (string Name, object? Value)[] values)
    {
        var facet = new JsonObject
        {
            ["_producer"] = Producer,
            ["_schemaURL"] = schema is null
                ? $"{Spec}/2-0-2/OpenLineage.json#/$defs/BaseFacet"
                : $"{Spec}/facets/{schema}.json#/$defs/{schema[(schema.IndexOf('/', StringComparison.Ordinal) + 1)..]}",
        };
        foreach (var (name, value) in values.Where(v => v.Value is not null))
        {
            facet[name] = JsonValue.Create(value);
        }

        return facet;
    }
}

/// <summary>A dataset's name by OpenLineage's rules of naming.</summary>
/// <param name="Namespace">The place: <c>file</c>, <c>s3://bucket</c> or <c>postgres://host:port</c>.</param>
/// <param name="Name">The path, the key, or <c>database.schema.table</c>.</param>
internal readonly record struct DatasetName(string Namespace, string Name)
{
    /// <summary>Of an object's location, <c>file://</c> or <c>s3://</c>.</summary>
    public static DatasetName OfLocation(string location)
    {
        var uri = new Uri(location);
        return uri.IsFile
            ? new DatasetName("file", uri.LocalPath)
            : new DatasetName($"{uri.Scheme}://{uri.Host}", Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/'));
    }
}
