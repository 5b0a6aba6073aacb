namespace Etl.Domain.Datasets;

/// <summary>What a field holds, and thereby which rule of <see cref="FieldRules"/> reads it.</summary>
public enum FieldKind
{
    /// <summary>A bigint above 0.</summary>
    Id,

    /// <summary>An ISO day, yyyy-MM-dd, 1900-01-01 to 2199-12-31.</summary>
    Date,

    /// <summary>An amount of numeric(14,2), 0 or more, at most two decimals.</summary>
    Money,

    /// <summary>An int above 0.</summary>
    Quantity,

    /// <summary>A review's points, 1 to 5.</summary>
    Stars,
}
