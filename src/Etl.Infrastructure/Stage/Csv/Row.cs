using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// A checked row is a whole number for each column, in the order of <see cref="Dataset.Columns"/>: ids and
/// quantities as they are, amounts in cents, days as <see cref="DateOnly.DayNumber"/>.
/// </summary>
internal static class Row
{
    public const long Null = long.MinValue;
}
