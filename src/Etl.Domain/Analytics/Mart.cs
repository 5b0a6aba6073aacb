using Etl.Domain.Datasets;

namespace Etl.Domain.Analytics;

/// <summary>A table of schema <c>analytics</c>: computed in the run's own schema, tested, published, exported.</summary>
/// <param name="Name">The name of the table, of its <c>.sql</c> file and of its export.</param>
/// <param name="Key">The columns of the primary key; exports are in this order.</param>
/// <param name="Inputs">The datasets and tables that the statement reads.</param>
/// <param name="Columns">All columns, in the order of the table and of the export.</param>
/// <param name="Sql">The SELECT whose rows are the rows of the table.</param>
public sealed record Mart(
    string Name,
    IReadOnlyList<string> Key,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<MartColumn> Columns,
    string Sql
)
{
    /// <summary>The file of the statement, for messages.</summary>
    public string File { get; init; } = $"{Name}.sql";

    /// <summary>The column that makes a table keep its days; it holds the run's business date.</summary>
    public const string DayColumn = "ingestion_date";

    /// <summary>
    /// Whether a publish replaces the rows of the run's business date only; otherwise it replaces all rows. True where
    /// <see cref="DayColumn"/> belongs to the key.
    /// </summary>
    public bool IsDaily => Key.Contains(DayColumn);

    /// <summary>The table with columns as the datasets determine them.</summary>
    public Mart For(DatasetCatalog datasets) => this with { Columns = [.. Columns.Select(c => c.For(datasets))] };
}

/// <summary>A column of a mart.</summary>
/// <param name="Name">The name.</param>
/// <param name="SqlType">The type in PostgreSQL, such as <c>numeric(5, 2)</c>.</param>
/// <param name="Nullable">Whether it may be NULL.</param>
/// <param name="IsSigned">Whether it may be below 0.</param>
public sealed record MartColumn(string Name, string SqlType, bool Nullable, bool IsSigned = false)
{
    /// <summary>What the value identifies; its type is that of the datasets' ids. Null for a column that is not an id.</summary>
    public IdOf? Id { get; init; }

    /// <summary>The datasets' column, such as <c>orders.quantity</c>, that may be below 0 where this one may; null for none.</summary>
    public string? SignedAs { get; init; }

    /// <summary>The dataset without which the value is NULL; null for none.</summary>
    public string? NullWithout { get; init; }

    /// <summary>The type without blanks and collation, for lineage and reports, such as <c>numeric(5,2)</c>.</summary>
    public string TypeName => FieldType.NameOf(SqlType);

    /// <summary>The column as the datasets determine it.</summary>
    public MartColumn For(DatasetCatalog datasets) =>
        this with
        {
            SqlType = Id is { } id ? datasets.TypeOf(id).SqlType : SqlType,
            IsSigned = IsSigned || (SignedAs is not null && datasets.FindColumn(SignedAs) is { Type.IsSigned: true }),
            Nullable = Nullable || (NullWithout is not null && datasets.Find(NullWithout) is { IsRequired: false }),
        };
}
