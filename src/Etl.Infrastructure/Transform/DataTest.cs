using Etl.Domain.Analytics;
using Etl.Domain.Quality;
using Etl.Infrastructure.Postgres;

namespace Etl.Infrastructure.Transform;

/// <summary>A query for the rows that violate a rule. A file of folder <c>Tests</c>, or derived from the marts.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Severity">What a violation does to the run.</param>
/// <param name="Meaning">Ends the sentence "3 …".</param>
/// <param name="Inputs">The tables that it reads.</param>
/// <param name="RowsSql">Selects the violating rows.</param>
/// <param name="Count">Counts them. Tests of single rows read the count from aggregates, which have seen every row already.</param>
internal sealed record DataTest(
    string Name,
    Severity Severity,
    string Meaning,
    IReadOnlyList<string> Inputs,
    string RowsSql,
    FileQuery Count
)
{
    /// <summary>The test of all marts that has no file.</summary>
    public const string NegativeName = "negative_figures";

    private const string Folder = "Transform/Tests";

    private static readonly string[] NumericTypes = ["bigint", "integer", "numeric"];

    /// <summary>The data tests of the files, by name.</summary>
    public static IReadOnlyList<DataTest> All { get; } = [.. SqlFile.In(Folder).Select(p => Parse(p, SqlFile.Read(p)))];

    /// <exception cref="Application.Errors.EtlException">The header is incomplete; the message names file and line.</exception>
    public static DataTest Parse(string file, string text)
    {
        var header = SqlHeader.Parse(file, text, "severity", "meaning", "inputs");
        var rows = SelectStatement.Parse(file, text);
        return new DataTest(
            Path.GetFileNameWithoutExtension(file),
            header["severity"] switch
            {
                "error" => Severity.Error,
                "warn" => Severity.Warn,
                var other => throw header.Error("severity", $"'{other}' is neither error nor warn"),
            },
            header["meaning"],
            header.List("inputs"),
            rows,
            header.Find("count") is { } count
                ? FileQuery.Number(file, count, header.LineOf("count")!.Value)
                : FileQuery.Count(file, rows)
        );
    }

    /// <summary>No number of a mart is below 0, except where its header marks the column as signed.</summary>
    public static IEnumerable<DataTest> NegativeFigures(MartCatalog marts)
    {
        var queries = marts
            .All.Select(m =>
                (m.Name, Columns: m.Columns.Where(IsUnsigned).Select(c => Identifier.Quote(c.Name)).ToList())
            )
            .Where(m => m.Columns.Count > 0)
            .Select(m =>
                $"select '{m.Name}' as table_name from {Identifier.Quote(m.Name)} "
                + $"where least({string.Join(", ", m.Columns)}) < 0"
            )
            .ToList();
        var rows = string.Join("\nunion all\n", queries);
        List<string> inputs = [.. marts.All.Where(m => m.Columns.Any(IsUnsigned)).Select(m => m.Name)];
        return queries.Count == 0
            ? []
            :
            [
                new DataTest(
                    NegativeName,
                    Severity.Error,
                    "rows with a negative figure",
                    inputs,
                    rows,
                    FileQuery.Count(NegativeName, rows)
                ),
            ];
    }

    private static bool IsUnsigned(MartColumn column) =>
        !column.IsSigned && NumericTypes.Contains(column.SqlType.Split('(')[0]);
}
