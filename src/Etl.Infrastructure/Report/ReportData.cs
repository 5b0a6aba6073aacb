using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Report;

/// <summary>The content of a report, read from the ledger and the published analytics in one transaction.</summary>
/// <param name="Run">The run itself.</param>
/// <param name="Warnings">Warnings of this execution.</param>
/// <param name="Rejects">Its rejected rows, by dataset and code.</param>
/// <param name="Past">This run and the runs before it, by business date and number; at most <see cref="ReportReader.MaxRuns"/>.</param>
/// <param name="Published">The run whose snapshot is published, or null before the first publish.</param>
/// <param name="Days">Figures by ingestion date, oldest first; at most <see cref="ReportReader.MaxRuns"/>.</param>
/// <param name="Orders">Days with orders until the as-of date, oldest first; at most <see cref="ReportReader.MaxDays"/>.</param>
/// <param name="Months">Months with orders until the as-of date, oldest first; at most <see cref="ReportReader.MaxMonths"/>.</param>
/// <param name="Shipments">Shipments by state and age.</param>
/// <param name="Products">The first products of the ranking; at most <see cref="ReportReader.MaxProducts"/>.</param>
/// <param name="ProductCount">Number of all products.</param>
internal sealed record ReportData(
    RunHistory Run,
    IReadOnlyList<RunWarning> Warnings,
    IReadOnlyList<RejectCount> Rejects,
    IReadOnlyList<PastRun> Past,
    RunId? Published,
    IReadOnlyList<DayFigures> Days,
    IReadOnlyList<OrderDay> Orders,
    IReadOnlyList<OrderMonth> Months,
    IReadOnlyList<ShipmentGroup> Shipments,
    IReadOnlyList<ProductFigures> Products,
    long ProductCount
)
{
    /// <summary>Whether the published snapshot is the one of this run.</summary>
    public bool IsPublished => Published?.ToString() == Run.Run.RunId;

    /// <summary>Whether this run has published, even if a later run has replaced its snapshot.</summary>
    public bool WasPublished => Run.Run.WasPublished;
}

/// <summary>A run and its row counts.</summary>
internal sealed record PastRun(Run Run, long Orders, long Loaded, long Rejected)
{
    public bool WasPublished => Run.WasPublished;
}

/// <summary>The rows of one day in <c>agg_public_holiday</c>, <c>agg_shipments</c> and <c>best_performing_product</c>.</summary>
/// <param name="Day">The ingestion date.</param>
/// <param name="HolidayOrders">Orders on public holidays of the past year, by month from January.</param>
/// <param name="Late">Late shipments; null if no shipments were delivered.</param>
/// <param name="Undelivered">Undelivered items; null if no shipments were delivered.</param>
/// <param name="Best">The best performing product, or null if no product qualifies.</param>
internal sealed record DayFigures(
    DateOnly Day,
    IReadOnlyList<int> HolidayOrders,
    int? Late,
    int? Undelivered,
    BestProduct? Best
);

internal sealed record BestProduct(string Name, DateOnly MostOrderedDay, bool OnPublicHoliday, int Points);

internal sealed record OrderDay(DateOnly Day, long Orders, decimal Revenue, bool IsPublicHoliday);

internal sealed record OrderMonth(DateOnly First, long Orders, decimal Revenue);

internal sealed record ShipmentGroup(string Status, string Age, long Shipments);

/// <param name="Id">The product's id.</param>
/// <param name="Name">The name as delivered, unescaped.</param>
/// <param name="Orders">Number of orders.</param>
/// <param name="Revenue">Sum of the orders' totals.</param>
/// <param name="Reviews">Number of reviews; null if none were delivered, as the figures below.</param>
/// <param name="Points">Sum of the reviews' stars.</param>
/// <param name="Stars">Shares of one to five stars, 0 to 100; empty without reviews.</param>
/// <param name="LatePercent">Share of late shipments, 0 to 100; null if no shipments were delivered.</param>
internal sealed record ProductFigures(
    string Id,
    string Name,
    long Orders,
    decimal Revenue,
    long? Reviews,
    long? Points,
    IReadOnlyList<decimal> Stars,
    decimal? LatePercent
)
{
    public decimal? AverageStars => Reviews == 0 ? 0 : (decimal?)Points / Reviews;
}
