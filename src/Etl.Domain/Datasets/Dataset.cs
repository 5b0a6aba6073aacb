namespace Etl.Domain.Datasets;

/// <summary>A snapshot: the file that delivers it, its columns, its key, and its staging table.</summary>
/// <param name="Name">The word used everywhere: table name, log, ledger, settings.</param>
/// <param name="FileNames">Exact file names, the preferred one first.</param>
/// <param name="Columns">Columns in table order.</param>
/// <param name="Key">The column that must not repeat within a file; null where equal rows are different facts.</param>
public sealed record Dataset(
    string Name,
    IReadOnlyList<string> FileNames,
    IReadOnlyList<Column> Columns,
    string? Key = null
)
{
    /// <summary>Position of the key column in <see cref="Columns"/>, or -1.</summary>
    public int KeyIndex { get; } = Key is null ? -1 : Columns.ToList().FindIndex(c => c.Name == Key);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
