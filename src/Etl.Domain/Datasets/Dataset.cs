using Etl.Domain.Runs;

namespace Etl.Domain.Datasets;

/// <summary>
/// A snapshot: the file that delivers it, its columns, its key. Its staging tables, checks, sums, report and lineage derive
/// from this description.
/// </summary>
public sealed record Dataset
{
    /// <summary>The columns that a staging table has besides those of the dataset.</summary>
    private static readonly string[] AddedColumns = ["run_id", "load_id"];

    /// <summary>The tables beside those of the datasets.</summary>
    private static readonly string[] StoredBeside = ["loads", "published"];

    /// <param name="name">Name in tables, logs, ledger and settings: lower-case letters, digits and underscores.</param>
    /// <param name="fileNames">File names, the preferred one first.</param>
    /// <param name="columns">Columns in table order.</param>
    /// <param name="key">
    /// The columns whose values together must not repeat within a file; none where equal rows are different facts. NULL
    /// equals NULL.
    /// </param>
    /// <exception cref="ArgumentException">A name is not usable or occurs twice, or a key column does not exist.</exception>
    public Dataset(
        string name,
        IReadOnlyList<string> fileNames,
        IReadOnlyList<Column> columns,
        params IReadOnlyList<string> key
    )
    {
        (Name, FileNames, Columns, Key) = (name, fileNames, columns, key);
        KeyIndexes = [.. key.Select(k => columns.ToList().FindIndex(c => c.Name == k))];
        var names = columns.Select(c => c.Name).Concat(AddedColumns).ToList();
        var unusable = StoredBeside.Contains(name) ? name : names.Append(name).FirstOrDefault(n => !IsName(n));
        if (unusable is not null)
        {
            throw new ArgumentException($"'{unusable}' of dataset '{name}' is not a usable name.", nameof(columns));
        }

        if (names.Distinct().Count() != names.Count || fileNames.Count == 0 || columns.Count == 0)
        {
            throw new ArgumentException(
                $"Dataset '{name}' needs a file name and columns with distinct names other than {string.Join(" and ", AddedColumns)}.",
                nameof(columns)
            );
        }

        if (KeyIndexes.Any(i => i < 0) || KeyIndexes.Distinct().Count() != KeyIndexes.Count)
        {
            throw new ArgumentException(
                $"The key of dataset '{name}' does not name distinct columns of it.",
                nameof(key)
            );
        }
    }

    /// <summary>The name in tables, logs, ledger and settings.</summary>
    public string Name { get; }

    /// <summary>File names, the preferred one first; they can be patterns, see <see cref="FilePattern"/>.</summary>
    public IReadOnlyList<string> FileNames { get; init; }

    /// <summary>The names that a delivered file of a day may have.</summary>
    public IReadOnlyList<FilePattern> FilesOf(BusinessDate date) => [.. FileNames.Select(n => FilePattern.Of(n, date))];

    /// <summary>How the file is written.</summary>
    public FileFormat Format { get; init; } = FileFormat.Standard;

    /// <summary>Whether several files with its names are parts of it.</summary>
    public FileParts Parts { get; init; } = FileParts.One;

    /// <summary>Whether the file must be delivered. Without it the figures that need it are absent.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>What gives its rows in place of a file; null for a dataset that a file delivers.</summary>
    public Model? Model { get; init; }

    /// <summary>Columns in table order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The columns whose values together must not repeat within a file; may be none.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>
    /// The column whose value decides on which node of a cluster a row is stored: rows that are joined need the same value. Null
    /// for the first id of an order, or else the first column of the key, or else the first other id, that cannot be NULL.
    /// </summary>
    public string? DistributedBy { get; init; }

    /// <summary>Whether the nodes of a cluster share the rows. What one server has can be joined by any column.</summary>
    public bool IsDistributed { get; init; } = true;

    /// <summary>The column of <see cref="DistributedBy"/>; null for a dataset that one server stores.</summary>
    public Column? DistributionColumn =>
        !IsDistributed ? null
        : DistributedBy is { } name ? Columns.Single(c => c.Name == name)
        : Columns
            .Where(c => c.Id == IdOf.Order)
            .Concat(KeyColumns)
            .Concat(Columns.Where(c => c.Id is not null))
            .FirstOrDefault(c => c is { Nullable: false, IsOptional: false });

    /// <summary>Positions of the key's columns in <see cref="Columns"/>.</summary>
    public IReadOnlyList<int> KeyIndexes { get; }

    /// <summary>The key's columns.</summary>
    public IEnumerable<Column> KeyColumns => KeyIndexes.Select(i => Columns[i]);

    /// <summary>The positions of the cells of a header that name a column; see <see cref="HeaderNames"/>.</summary>
    public IReadOnlyList<int> Find(Column column, IReadOnlyList<string> header) =>
        Format.ColumnNames.GetValueOrDefault(column.Name) is { } names
            ? HeaderNames.Find(header, names)
            : column.FindIn(header);

    /// <summary>The columns that loads are reconciled by.</summary>
    public IEnumerable<Column> SummedColumns => Columns.Where(c => c.Type.IsSummed);

    /// <summary>The dataset with other types of columns, or another key.</summary>
    /// <exception cref="ArgumentException">A key column does not exist.</exception>
    public Dataset With(IReadOnlyList<Column> columns, IReadOnlyList<string> key) =>
        new(Name, FileNames, columns, key)
        {
            Format = Format,
            DistributedBy = DistributedBy,
            IsDistributed = IsDistributed,
            IsRequired = IsRequired,
            Parts = Parts,
            Model = Model,
        };

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>PostgreSQL allows 63 bytes; names of constraints and help tables append to a name.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= 50
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
