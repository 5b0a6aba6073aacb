using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>What becomes of a field of the file, in the shape that the inner loop reads.</summary>
/// <param name="Kind">The field's rule.</param>
/// <param name="Target">Place in the row, or -1 for a column that nobody asked for.</param>
/// <param name="Nullable">Whether it may be NULL.</param>
internal readonly record struct PlainColumn(FieldKind Kind, int Target, bool Nullable)
{
    public static PlainColumn Of(Dataset dataset, int target) =>
        target < 0
            ? new PlainColumn(default, target, Nullable: true)
            : new PlainColumn(dataset.Columns[target].Kind, target, dataset.Columns[target].Nullable);
}
