using System.Globalization;
using Etl.Domain.Datasets;

namespace Etl.Domain.Quality;

/// <summary>
/// The sum of a column's values: over the rows as they were read, and over the rows that the database holds. Equal counts
/// do not show a value that changed on its way; equal sums do.
/// </summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Column">A column whose type is summed.</param>
/// <param name="Total">The sum; scaled as <see cref="FieldType.Scale"/> states.</param>
public sealed record ColumnSum(string Dataset, Column Column, Int128 Total)
{
    /// <summary>A sum as a database gives it.</summary>
    public static ColumnSum Of(Dataset dataset, Column column, decimal total) =>
        new(dataset.Name, column, (Int128)(total * Power(column.Type.Scale)));

    /// <summary>The sums of several files together, one for each column.</summary>
    public static IReadOnlyList<ColumnSum> Together(IEnumerable<ColumnSum> sums) =>
        [
            .. sums.GroupBy(s => (s.Dataset, s.Column))
                .Select(g => g.First() with { Total = g.Aggregate(Int128.Zero, (all, s) => all + s.Total) }),
        ];

    /// <summary>The sum as people write it.</summary>
    public override string ToString() =>
        Column.Type.Scale == 0
            ? Total.ToString(CultureInfo.InvariantCulture)
            : $"{(Total < 0 ? "-" : "")}{Digits(Int128.Abs(Total / Power(Column.Type.Scale)))}.{Digits(Int128.Abs(Total % Power(Column.Type.Scale))).PadLeft(Column.Type.Scale, '0')}";

    private static long Power(int scale) => (long)Math.Pow(10, scale);

    private static string Digits(Int128 number) => number.ToString(CultureInfo.InvariantCulture);
}
