using System.Reflection;

namespace Etl.Infrastructure.Postgres;

/// <summary>The assembly's embedded <c>.sql</c> files, by path in the project.</summary>
internal static class SqlFile
{
    /// <summary>The text of a file, for example <c>Transform/Marts/agg_shipments.sql</c>.</summary>
    public static string Read(string path)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(path)
            ?? throw new FileNotFoundException($"The assembly has no embedded file {path}.", path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The paths of a folder's files, in ordinal order.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        [
            .. Assembly
                .GetExecutingAssembly()
                .GetManifestResourceNames()
                .Where(n =>
                    n.StartsWith($"{folder}/", StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
        ];
}
