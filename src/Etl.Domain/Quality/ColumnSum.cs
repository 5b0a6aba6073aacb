using System.Globalization;
using Etl.Domain.Rows;

namespace Etl.Domain.Quality;

/// <summary>
/// A column's sum, kept twice: over the rows that were accepted, and over the rows that the database holds. Counts that
/// agree do not show a value that was changed on its way; sums do.
/// </summary>
/// <param name="Column">The column, of <see cref="FieldKind.Money"/> or <see cref="FieldKind.Quantity"/>.</param>
/// <param name="Accepted">As the rows were read; money in hundredths.</param>
/// <param name="Stored">As the database adds them up; money in hundredths.</param>
public sealed record ColumnSum(Column Column, Int128 Accepted, Int128 Stored)
{
    /// <summary>Whether the database holds what was read.</summary>
    public bool Balance => Accepted == Stored;

    /// <summary>Whether a column's values are added up: quantities and amounts are, ids and days mean nothing as a sum.</summary>
    public static bool IsKeptOf(Column column) => column.Kind is FieldKind.Money or FieldKind.Quantity;

    /// <summary>A sum of this column as people write it.</summary>
    public string Show(Int128 sum) =>
        Column.Kind == FieldKind.Money
            ? string.Create(CultureInfo.InvariantCulture, $"{sum / 100}.{(int)Int128.Abs(sum % 100):00}")
            : sum.ToString(CultureInfo.InvariantCulture);
}
