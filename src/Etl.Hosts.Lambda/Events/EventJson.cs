using System.Text.Json;

namespace Etl.Hosts.Lambda.Events;

/// <summary>Reads an event without assuming that a field exists.</summary>
internal static class EventJson
{
    private const int MaxNames = 10;
    private const int MaxNameLength = 30;

    public static JsonElement Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static IReadOnlyList<JsonElement> Records(this JsonElement root) =>
        root.Child("Records") is { ValueKind: JsonValueKind.Array } records ? [.. records.EnumerateArray()] : [];

    /// <summary>The names of an event's fields, without its values.</summary>
    public static string NamesOf(this JsonElement root, string[]? without = null) =>
        string.Join(
            ", ",
            root.EnumerateObject()
                .Select(p => p.Name)
                .Except(without ?? [])
                .Select(n => n.Length > MaxNameLength ? $"{n[..MaxNameLength]}…" : n)
                .Take(MaxNames)
                .DefaultIfEmpty("none")
        );
}
