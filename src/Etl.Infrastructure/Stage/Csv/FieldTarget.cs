using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Where a field of the file goes, in the shape that the inner loop reads.</summary>
/// <param name="Rule">The rule that reads the field.</param>
/// <param name="Target">Position in the row, or -1 for a column that the dataset does not have.</param>
/// <param name="Nullable">Whether it may be NULL.</param>
internal readonly record struct FieldTarget(FieldRule Rule, int Target, bool Nullable)
{
    public static FieldTarget Of(Dataset dataset, int target) =>
        target < 0
            ? new FieldTarget(default, target, Nullable: true)
            : new FieldTarget(dataset.Columns[target].Type.Rule, target, dataset.Columns[target].Nullable);
}
