using Etl.Domain.Datasets;

namespace Etl.Domain;

/// <summary>The small optional files beside the datasets of a run.</summary>
/// <param name="Products">Names and categories of products.</param>
/// <param name="Dates">Days of the business calendar.</param>
public sealed record OptionalDatasets(Dataset Products, Dataset Dates)
{
    /// <summary>The files that the program is delivered with.</summary>
    public static OptionalDatasets BuiltIn { get; } =
        new(
            new Dataset(
                "products",
                ["dim_products.csv"],
                [
                    new Column("product_id", FieldType.Id) { Id = IdOf.Product },
                    new Column("product_category", FieldType.Text, Nullable: true) { IsOptional = true },
                    new Column("product_name", FieldType.Text, Nullable: true),
                ]
            )
            {
                IsRequired = false,
            },
            new Dataset(
                "dates",
                ["dim_dates.csv"],
                [
                    new Column("calendar_dt", FieldType.Date, Nullable: false, "calender_dt"),
                    new Column("day_of_the_week_num", FieldType.Text),
                    new Column("working_day", FieldType.Text),
                ]
            )
            {
                IsRequired = false,
            }
        );

    /// <summary>All of them.</summary>
    public IReadOnlyList<Dataset> All => [Products, Dates];
}
