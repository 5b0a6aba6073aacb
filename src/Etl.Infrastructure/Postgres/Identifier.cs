namespace Etl.Infrastructure.Postgres;

/// <summary>Quotes names in SQL text. Values are always parameters.</summary>
internal static class Identifier
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Quote(string schema, string name) => $"{Quote(schema)}.{Quote(name)}";
}
