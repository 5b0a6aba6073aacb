using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Where a field of the file goes, in the shape that the inner loop reads.</summary>
/// <param name="Rule">The rule that reads the field.</param>
/// <param name="Target">Position in the row, or -1 for a column that the dataset does not have.</param>
/// <param name="Nullable">Whether it may be NULL.</param>
/// <param name="Reader">What reads the field in a declared format; null where the rule does.</param>
internal readonly record struct FieldTarget(FieldRule Rule, int Target, bool Nullable, FieldReader? Reader = null)
{
    public static FieldTarget Of(Dataset dataset, int target)
    {
        if (target < 0)
        {
            return new FieldTarget(default, target, Nullable: true);
        }

        var column = dataset.Columns[target];
        var reader = FieldReader.Of(column, dataset.Format);
        return new FieldTarget(reader is null ? column.Type.Rule : FieldRule.Declared, target, column.Nullable, reader);
    }
}
