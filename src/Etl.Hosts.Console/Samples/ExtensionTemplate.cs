using Etl.Domain;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// A first file of an extension, with comments. It works as it is; a model works with a dataset <c>raw_NAME</c> of the same columns.
/// </summary>
/// <param name="Kind">The word of <c>etl new</c>.</param>
/// <param name="Description">What the file describes.</param>
/// <param name="Folder">The folder below that of the extensions.</param>
/// <param name="Ending">The ending of the file.</param>
/// <param name="Text">The text; NAME stands for the name, COLUMNS for the columns of a built-in dataset of that name.</param>
internal sealed record ExtensionTemplate(string Kind, string Description, string Folder, string Ending, string Text)
{
    /// <summary>All templates.</summary>
    public static IReadOnlyList<ExtensionTemplate> All { get; } =
    [
        new(
            "dataset",
            "a file of each delivery and its staging table",
            "datasets",
            ".json",
            """
            {
              // A file of each delivery, and the table staging.NAME. docs/extensions.md describes every entry.
              "name": "NAME",

              // Names in order of preference; * stands for any characters, {date:yyyyMMdd} for the business date.
              "files": ["NAME.csv"],

              // Columns in the order of the table; in the file they can have any order. Types: id, text_id, text, date, money,
              // signed_money, quantity, signed_quantity, stars, and id(order), id(product), id(customer), id(shipment) for
              // ids that join with the other tables. "nullable", "aliases" (other names in the header), "min" and "max" are
              // optional.
              "columns": [
                { "name": "id", "type": "id" },
                { "name": "order_id", "type": "id(order)" },
                { "name": "amount", "type": "money", "max": 100000 },
                { "name": "day", "type": "date", "nullable": true, "aliases": ["date"] }
              ],

              // Columns that together must be unique. Without "key", equal rows are different facts.
              "key": ["id"]

              // Further entries, with a comma before each:
              // "required": false: a delivery without the file does not fail.
              // "format": { "delimiter": ";", "decimalSeparator": ",", "dateFormats": ["dd.MM.yyyy"] }: how the file is
              // written, by the settings of Etl:Files. `etl check --suggest` finds them for the built-in datasets.
            }

            """
        ),
        new(
            "model",
            "a built-in dataset as a SELECT over declared datasets, in place of its file",
            "models",
            ".sql",
            """
            -- The rows of dataset NAME, from other datasets in place of a file. docs/extensions.md describes the entries.
            --
            -- Each row of the dataset that the first entry names must give exactly one row: use left joins, by the whole key
            -- of what is joined. The second entry lists all datasets that the SELECT reads; datasets/*.json declares them.
            -- The SELECT returns the columns below, and the key of the first dataset. Values are checked afterwards, as
            -- those of a file: cast none.
            -- every: raw_NAME
            -- inputs: raw_NAME
            select
              COLUMNS
            from raw_NAME as r;

            """
        ),
        new(
            "mart",
            "a table of schema analytics and of the exports",
            "marts",
            ".sql",
            """
            -- Orders and their revenue by month. docs/extensions.md describes the entries below.
            -- grain: one row per month with an order
            -- inputs: orders
            -- key: order_month
            -- columns:
            --   order_month date not null,
            --   orders bigint not null,
            --   revenue numeric(20, 2) not null (signed as orders.total_price)
            select
              date_trunc('month', order_date)::date as order_month,
              count(*) as orders,
              sum(total_price) as revenue
            from orders
            group by 1;

            """
        ),
        new(
            "test",
            "a query for rows that violate a rule",
            "tests",
            ".sql",
            """
            -- severity: warn
            -- meaning: orders of more than 1000 pieces
            -- inputs: orders
            select order_id, quantity
            from orders
            where quantity > 1000;

            """
        ),
    ];

    /// <summary>The names that the file can have: those of the built-in datasets for a model; null for any name.</summary>
    public IReadOnlyList<string>? Names { get; } =
        Kind == "model" ? [.. DatasetCatalog.BuiltIn.All.Select(d => d.Name)] : null;

    /// <summary>The file for a name.</summary>
    public string TextFor(string name)
    {
        var columns = DatasetCatalog.BuiltIn.Find(name)?.Columns.Select(c => $"r.{c.Name}") ?? [];
        return Text.Replace("NAME", name, StringComparison.Ordinal)
            .Replace("COLUMNS", string.Join(",\n  ", columns), StringComparison.Ordinal);
    }
}
