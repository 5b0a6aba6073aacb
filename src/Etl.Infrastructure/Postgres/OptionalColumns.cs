namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The columns of a table that differ from the description only by not null, where settings decide on it. To drop it changes
/// no row; it is never added again, as earlier rows may be NULL.
/// </summary>
/// <param name="Table">The table's description.</param>
/// <param name="Columns">All such columns.</param>
/// <param name="Required">Those that are not null and have to allow NULL.</param>
internal sealed record OptionalColumns(
    DescribedTable Table,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> Required
)
{
    private const string NotNull = " not null";

    public static OptionalColumns Of(DescribedTable described, FoundTable found)
    {
        var present = found.Columns.ToDictionary(c => c.Name, c => c.Type);
        var differing = described
            .Columns.Select(c => (c.Name, Needed: c.Type.Replace(", ", ",", StringComparison.Ordinal)))
            .Where(c =>
                described.Optional.Contains(c.Name) && present.TryGetValue(c.Name, out var type) && type != c.Needed
            )
            .Where(c => $"{c.Needed}{NotNull}" == present[c.Name] || c.Needed == $"{present[c.Name]}{NotNull}")
            .ToList();
        return new OptionalColumns(
            described,
            [.. differing.Select(c => c.Name)],
            [.. differing.Where(c => present[c.Name].EndsWith(NotNull, StringComparison.Ordinal)).Select(c => c.Name)]
        );
    }

    /// <summary>What <c>etl migrate</c> reports.</summary>
    public string Name => $"columns of {Table.FullName} that may be NULL";

    public string AlterSql =>
        $"alter table {Identifier.Quote(Table.Schema, Table.Name)} "
        + string.Join(", ", Required.Select(c => $"alter column {Identifier.Quote(c)} drop not null"));
}
