using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Transform;

namespace Etl.Infrastructure.Models;

/// <summary>Errors of the rows and columns of a model; each names file and line.</summary>
internal static class ModelErrors
{
    /// <summary>The error of columns that are missing, or that are returned and belong to nothing; null if there is none.</summary>
    public static EtlError? OfColumns(Dataset dataset, ModelSql sql, IReadOnlyList<string> found)
    {
        var model = dataset.Model!;
        var others = found.Where(f => !sql.Columns.Contains(f)).ToList();
        var twice = found.GroupBy(f => f).Where(g => g.Count() > 1).Select(g => g.Key);
        List<string> errors =
        [
            .. sql
                .Columns.Where(c => !found.Contains(c))
                .Select(c =>
                    $"does not return {c}, {Role(c)}"
                    + (Nearest.To(c, others) is { } near ? $" (did you mean its column {SafeText.Value(near)}?)" : "")
                ),
            .. others.Select(o =>
                $"returns {SafeText.Value(o)}, which is neither a column of {dataset} nor of the key of {model.Every}"
            ),
            .. twice.Select(t => $"returns {SafeText.Value(t)} twice"),
        ];
        return errors.Count == 0
            ? null
            : new EtlError(
                ErrorCode.Configuration,
                $"{Place(model)}: the SELECT {string.Join("; it ", errors)}.",
                $"Let the SELECT return {string.Join(", ", sql.Columns)}. Nothing was published."
            );

        string Role(string column) =>
            sql.Key.Contains(column) ? $"of the key of {model.Every}" : $"a column of {dataset}";
    }

    /// <summary>The error of rows that are not one for each row of the driving dataset.</summary>
    public static EtlException OfRows(Model model, IReadOnlyList<DifferentKey> found)
    {
        var kinds = found
            .GroupBy(f => f.Kind)
            .Select(g =>
                (
                    Text: $"{Counted.Of(g.First().Total, "key")} {Meaning(g.Key)} ({Examples([.. g])})",
                    Next: Fix(g.Key, model)
                )
            )
            .ToList();
        return new EtlException(
            ErrorCode.RowCountMismatch,
            $"{Place(model)}: each row of {model.Every} must give one row, but {string.Join(", ", kinds.Select(k => k.Text))}.",
            $"{string.Join(" ", kinds.Select(k => k.Next))} Then run again; nothing was published."
        );
    }

    private static string Meaning(Difference kind) =>
        kind switch
        {
            Difference.Missing => "gave no row",
            Difference.Repeated => "gave several rows",
            _ => "of the result belong to no row of it",
        };

    private static string Fix(Difference kind, Model model) =>
        kind switch
        {
            Difference.Missing =>
                "Use left joins and no condition that drops a row: a row without a match is then rejected, and counted.",
            Difference.Repeated =>
                "Aggregate what is joined to one row per key before the join: the join multiplies rows.",
            _ => $"Return the key of {model.Every} as it is.",
        };

    private static string Examples(IReadOnlyList<DifferentKey> keys)
    {
        var shown = keys.Select(k => k.Kind == Difference.Repeated ? $"{Key(k)}: {k.Given} rows" : Key(k));
        return string.Join("; ", shown) + (keys[0].Total > keys.Count ? "; …" : "");
    }

    private static string Key(DifferentKey key) =>
        string.Join(
            ", ",
            key.Values.Select(v => $"{v.Column} {(v.Value is null ? "NULL" : $"'{Excerpt.Of(v.Value)}'")}")
        );

    private static string Place(Model model) =>
        $"{model.File}, line {SqlHeader.Parse(model.File, model.Sql).LineOf("every")}";
}

/// <summary>A key whose rows are not one in the driving dataset and one in the model.</summary>
/// <param name="Kind">How they differ.</param>
/// <param name="Total">Number of keys of this kind.</param>
/// <param name="Given">Rows of the model.</param>
/// <param name="Values">The columns of the key.</param>
internal sealed record DifferentKey(
    Difference Kind,
    long Total,
    long Given,
    IReadOnlyList<(string Column, string? Value)> Values
);
