using System.Globalization;
using Etl.Domain.Datasets;

namespace Etl.Domain.Quality;

/// <summary>
/// What a column's values add up to: taken over the rows as they were read, and again by the database over the rows that
/// it holds. Counts that agree do not show a value that was changed on its way; sums do.
/// </summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Column">The column, of <see cref="FieldKind.Money"/> or <see cref="FieldKind.Quantity"/>.</param>
/// <param name="Total">The sum; money in hundredths.</param>
public sealed record ColumnSum(string Dataset, Column Column, Int128 Total)
{
    /// <summary>The columns that are added up: quantities and amounts; ids and days mean nothing as a sum.</summary>
    public static IEnumerable<Column> KeptOf(Dataset dataset) =>
        dataset.Columns.Where(c => c.Kind is FieldKind.Money or FieldKind.Quantity);

    /// <summary>A sum as a database gives it.</summary>
    public static ColumnSum Of(Dataset dataset, Column column, decimal total) =>
        new(dataset.Name, column, (Int128)(column.Kind == FieldKind.Money ? total * 100 : total));

    /// <summary>The sums of several files together, one for each column.</summary>
    public static IReadOnlyList<ColumnSum> Together(IEnumerable<ColumnSum> sums) =>
        [
            .. sums.GroupBy(s => (s.Dataset, s.Column))
                .Select(g => g.First() with { Total = g.Aggregate(Int128.Zero, (all, s) => all + s.Total) }),
        ];

    /// <summary>The sum as people write it.</summary>
    public override string ToString() =>
        Column.Kind == FieldKind.Money
            ? string.Create(CultureInfo.InvariantCulture, $"{Total / 100}.{(int)Int128.Abs(Total % 100):00}")
            : Total.ToString(CultureInfo.InvariantCulture);
}
