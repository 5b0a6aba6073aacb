using Etl.Domain.Datasets;

namespace Etl.Domain.Reviews;

/// <summary>A row of the reviews snapshot: the stars that one review gave a product.</summary>
public static class Review
{
    /// <summary>The file and its columns. There is no key: two equal rows are two reviews.</summary>
    public static Dataset Dataset { get; } =
        new(
            "reviews",
            ["reviews.csv"],
            [new Column("review", FieldType.Stars), new Column("product_id", FieldType.Id) { Id = IdOf.Product }]
        );
}
