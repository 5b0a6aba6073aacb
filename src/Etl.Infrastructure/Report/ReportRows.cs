using System.Globalization;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Ledger;
using Npgsql;

namespace Etl.Infrastructure.Report;

/// <summary>Maps the rows of <see cref="ReportReader"/>'s queries.</summary>
internal static class ReportRows
{
    private static readonly string[] Months =
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
    ];

    private static readonly string[] Stars = ["one", "two", "three", "four", "five"];

    public static RejectCount Reject(NpgsqlDataReader row) =>
        new(row.Text("dataset"), RejectCodes.Parse(row.Text("code")), row.Count("rows"));

    public static PastRun Past(NpgsqlDataReader row) =>
        new(RunTable.Read(row), row.Count("orders"), row.Count("loaded"), row.Count("rejected"));

    public static DayFigures Day(NpgsqlDataReader row) =>
        new(
            row.Day("ingestion_date"),
            [.. Months.Select(m => row.GetInt32(row.GetOrdinal($"tt_order_hol_{m}")))],
            OrNull<int>(row, "tt_late_shipments"),
            OrNull<int>(row, "tt_undelivered_items"),
            row.TextOrNull("product_name") is { } name
                ? new BestProduct(
                    name,
                    row.Day("most_ordered_day"),
                    row.GetBoolean(row.GetOrdinal("is_public_holiday")),
                    row.GetInt32(row.GetOrdinal("tt_review_points"))
                )
                : null
        );

    public static OrderDay OrderDay(NpgsqlDataReader row) =>
        new(
            row.Day("order_date"),
            row.Count("orders"),
            Amount(row, "revenue"),
            row.GetBoolean(row.GetOrdinal("is_public_holiday"))
        );

    public static OrderMonth OrderMonth(NpgsqlDataReader row) =>
        new(row.Day("month"), row.Count("orders"), Amount(row, "revenue"));

    public static ShipmentGroup Shipments(NpgsqlDataReader row) =>
        new(row.Text("status"), row.Text("age"), row.Count("shipments"));

    public static ProductFigures Product(NpgsqlDataReader row) =>
        new(
            Convert.ToString(row["product_id"], CultureInfo.InvariantCulture)!,
            row.Text("product_name"),
            row.Count("orders"),
            Amount(row, "revenue"),
            OrNull<long>(row, "reviews"),
            OrNull<long>(row, "review_points"),
            [.. Stars.Select(s => OrNull<decimal>(row, $"pct_{s}_star_review")).OfType<decimal>()],
            OrNull<decimal>(row, "pct_late_shipments")
        );

    private static T? OrNull<T>(NpgsqlDataReader row, string column)
        where T : struct => row.IsDBNull(row.GetOrdinal(column)) ? null : row.GetFieldValue<T>(row.GetOrdinal(column));

    private static decimal Amount(NpgsqlDataReader row, string column) => row.GetDecimal(row.GetOrdinal(column));
}
