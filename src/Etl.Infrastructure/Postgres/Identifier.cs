namespace Etl.Infrastructure.Postgres;

/// <summary>Names in SQL text are quoted, always; values are parameters, always.</summary>
internal static class Identifier
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Quote(string schema, string name) => $"{Quote(schema)}.{Quote(name)}";
}
