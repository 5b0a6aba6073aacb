namespace Etl.Domain.Datasets;

/// <summary>
/// Finds a column in a header. A cell that is the column's name or an alias, letter for letter, comes before one that
/// differs only in case, blanks, underscores and hyphens: <c>Order ID</c> and <c>orderId</c> are <c>order_id</c>.
/// </summary>
public static class HeaderNames
{
    /// <summary>The positions of the cells that name a column: none if it is missing, several if it is ambiguous.</summary>
    /// <param name="header">The cells of the header.</param>
    /// <param name="names">The column's name and its aliases.</param>
    public static IReadOnlyList<int> Find(IReadOnlyList<string> header, params IReadOnlyList<string> names)
    {
        var exact = Where(cell => names.Contains(cell.Trim(), StringComparer.Ordinal));
        if (exact.Count > 0)
        {
            return exact;
        }

        var simple = names.Select(Simplify).ToList();
        return Where(cell => simple.Contains(Simplify(cell), StringComparer.Ordinal));

        IReadOnlyList<int> Where(Func<string, bool> names) =>
            [.. Enumerable.Range(0, header.Count).Where(i => names(header[i]))];
    }

    private static string Simplify(string name) =>
        string.Concat(name.Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-'))).ToUpperInvariant();
}
