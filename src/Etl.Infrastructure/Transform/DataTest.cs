using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Postgres;

namespace Etl.Infrastructure.Transform;

/// <summary>A file of folder <c>Tests</c>: a query for the offending rows, and what its header says of them.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Severity">What an offending row does to the run.</param>
/// <param name="Meaning">Ends the sentence "3 …".</param>
/// <param name="RowsSql">Gives the offending rows.</param>
/// <param name="CountSql">Gives their number. Tests of single rows read it off the aggregates, which have seen every row already.</param>
internal sealed record DataTest(string Name, Severity Severity, string Meaning, string RowsSql, string CountSql)
{
    private const string Folder = "Transform/Tests";

    /// <summary>All data tests, by name.</summary>
    public static IReadOnlyList<DataTest> All { get; } =
    [.. SqlFile.In(Folder).Select(path => Parse(Path.GetFileNameWithoutExtension(path), SqlFile.Read(path)))];

    /// <exception cref="FormatException">The header lacks a line.</exception>
    public static DataTest Parse(string name, string text)
    {
        var header = text.Split('\n')
            .TakeWhile(line => line.StartsWith("-- ", StringComparison.Ordinal))
            .Select(line => line[3..].Split(": ", 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);
        var rows = text.TrimEnd().TrimEnd(';');
        return new DataTest(
            name,
            header.GetValueOrDefault("severity") switch
            {
                "error" => Severity.Error,
                "warn" => Severity.Warn,
                _ => throw new FormatException($"Data test {name} needs a line '-- severity: error' or 'warn'."),
            },
            header.GetValueOrDefault("meaning") is { Length: > 0 } meaning
                ? meaning
                : throw new FormatException($"Data test {name} needs a line '-- meaning: …'."),
            rows,
            header.GetValueOrDefault("count") ?? $"select count(*) from (\n{rows}\n) as offending"
        );
    }
}
