using Etl.Domain.Datasets;

namespace Etl.Domain.Reviews;

/// <summary>One row of the reviews snapshot. It has no key: two equal rows are two reviews.</summary>
/// <param name="Points">The stars given, 1 to 5; the column is called <c>review</c>.</param>
/// <param name="ProductId">What was reviewed.</param>
public readonly record struct Review(short Points, long ProductId)
{
    /// <summary>The file and its columns.</summary>
    public static Dataset Dataset { get; } =
        new(
            "reviews",
            ["reviews.csv"],
            [new Column("review", FieldKind.Stars), new Column("product_id", FieldKind.Id)]
        );
}
