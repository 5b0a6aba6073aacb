using System.Text.RegularExpressions;
using Etl.Domain;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Rollups;

namespace Etl.Infrastructure.Transform;

/// <summary>A file of folder <c>Intermediate</c>: a table or view of the run's own, which marts and data tests read.</summary>
/// <param name="Name">The name of the table; that of the file until its first point.</param>
/// <param name="Inputs">The datasets and tables that the statement reads.</param>
/// <param name="Sums">The dataset whose summed columns the table has summed, under their names; null for none.</param>
/// <param name="Sql">The statement.</param>
internal sealed partial record Intermediate(string Name, IReadOnlyList<string> Inputs, string? Sums, string Sql)
{
    private const string Folder = "Transform/Intermediate";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Intermediate> All { get; } =
    [.. SqlFile.In(Folder).Select(p => Parse(p, SqlFile.Read(p)))];

    /// <summary>The condition <c>dataset.column is unique</c> or <c>is not unique</c>; null for a table without variants.</summary>
    public string? When { get; private init; }

    /// <summary>What a loader computes in place of the statement; null for a table that no loader computes.</summary>
    public Rollup? Rollup { get; private init; }

    /// <summary>Whether it is a view: no pass over rows, but a name for one.</summary>
    public bool IsView { get; private init; }

    /// <summary>Those that the keys of the datasets require: one of each name.</summary>
    public static IReadOnlyList<Intermediate> Of(DatasetCatalog datasets) => [.. All.Where(i => i.AppliesTo(datasets))];

    public static Intermediate Parse(string file, string text)
    {
        var header = SqlHeader.Parse(file, text, "grain", "inputs", "key", "safe twice");
        var when = header.Find("when");
        if (when is not null && !Condition().IsMatch(when))
        {
            throw header.Error(
                "when",
                $"'{when}' is not a condition; write: dataset.column is unique, or is not unique"
            );
        }

        var rollup = header.Find("rollup") is null ? null : Rollup.Parse(text);
        if (header.Find("rollup") is { } dataset && rollup?.Dataset != dataset)
        {
            throw header.Error("rollup", $"the loader of {dataset} cannot compute this statement");
        }

        return new Intermediate(Path.GetFileName(file).Split('.')[0], header.List("inputs"), header.Find("sums"), text)
        {
            When = when,
            Rollup = rollup,
            IsView = text.Contains("\ncreate view ", StringComparison.Ordinal),
        };
    }

    private bool AppliesTo(DatasetCatalog datasets)
    {
        if (When is null)
        {
            return true;
        }

        var match = Condition().Match(When);
        var isUnique =
            datasets.Find(match.Groups["dataset"].Value)?.Key is [var key] && key == match.Groups["column"].Value;
        return isUnique != match.Groups["not"].Success;
    }

    [GeneratedRegex(
        "^(?<dataset>[a-z0-9_]+)\\.(?<column>[a-z0-9_]+) is(?<not> not)? unique$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Condition();
}
