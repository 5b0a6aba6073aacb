using Etl.Infrastructure.Postgres;

namespace Etl.Infrastructure.Transform;

/// <summary>A file of folder <c>Intermediate</c>: a table of the run's own, which marts and data tests read.</summary>
/// <param name="Name">The name of the file and of the table.</param>
/// <param name="Inputs">The datasets and tables that the statement reads.</param>
/// <param name="Sums">The dataset whose summed columns the table has summed, under their names; null for none.</param>
/// <param name="Sql">The statement.</param>
internal sealed record Intermediate(string Name, IReadOnlyList<string> Inputs, string? Sums, string Sql)
{
    private const string Folder = "Transform/Intermediate";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Intermediate> All { get; } =
    [.. SqlFile.In(Folder).Select(p => Parse(p, SqlFile.Read(p)))];

    public static Intermediate Parse(string file, string text)
    {
        var header = SqlHeader.Parse(file, text, "grain", "inputs", "key", "safe twice");
        return new Intermediate(
            Path.GetFileNameWithoutExtension(file),
            header.List("inputs"),
            header.Find("sums"),
            text
        );
    }
}
