using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Report;

/// <summary>All that a report shows, as the ledger and the published analytics hold it at one moment.</summary>
/// <param name="Run">The run itself.</param>
/// <param name="Warnings">What people should know of this execution.</param>
/// <param name="Rejects">Its rejected rows, by dataset and code.</param>
/// <param name="Past">The runs up to this one by business date and number, this one last; bounded.</param>
/// <param name="Published">The run whose snapshot readers see, or null before the first.</param>
/// <param name="Days">The figures kept for each ingestion date up to the run's, oldest first; bounded.</param>
/// <param name="Orders">The days with orders up to the as-of date, oldest first; bounded.</param>
/// <param name="Months">The months with orders up to the as-of date, oldest first; bounded.</param>
/// <param name="Shipments">Shipments by state and age.</param>
/// <param name="Products">The first products of the ranking; bounded.</param>
/// <param name="ProductCount">How many products there are.</param>
internal sealed record ReportData(
    RunHistory Run,
    IReadOnlyList<string> Warnings,
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
    /// <summary>Whether the snapshot's figures are this run's own.</summary>
    public bool IsPublished => Published?.ToString() == Run.Run.RunId;

    /// <summary>Whether the run has made its rows visible at all.</summary>
    public bool WasPublished => Run.Run.Status is RunStatus.Succeeded or RunStatus.Superseded;
}

/// <summary>A run of the past, and what it loaded.</summary>
internal sealed record PastRun(Run Run, long Orders, long Loaded, long Rejected)
{
    public bool WasPublished => Run.Status is RunStatus.Succeeded or RunStatus.Superseded;
}

/// <summary>What <c>agg_public_holiday</c>, <c>agg_shipments</c> and <c>best_performing_product</c> hold of a day.</summary>
/// <param name="Day">The ingestion date.</param>
/// <param name="HolidayOrders">Orders on public holidays of the past year, January first.</param>
/// <param name="Late">Late shipments.</param>
/// <param name="Undelivered">Undelivered items.</param>
/// <param name="Best">The best product, or null where there is none.</param>
internal sealed record DayFigures(
    DateOnly Day,
    IReadOnlyList<int> HolidayOrders,
    int Late,
    int Undelivered,
    BestProduct? Best
);

internal sealed record BestProduct(string Name, DateOnly MostOrderedDay, bool OnPublicHoliday, int Points);

internal sealed record OrderDay(DateOnly Day, long Orders, decimal Revenue, bool IsPublicHoliday);

internal sealed record OrderMonth(DateOnly First, long Orders, decimal Revenue);

internal sealed record ShipmentGroup(string Status, string Age, long Shipments);

/// <param name="Id">The product's id.</param>
/// <param name="Name">Its name, as it came.</param>
/// <param name="Orders">Its order rows.</param>
/// <param name="Revenue">Its revenue.</param>
/// <param name="Reviews">Its reviews.</param>
/// <param name="Points">The sum of their stars.</param>
/// <param name="Stars">Shares of one to five stars, 0 to 100.</param>
/// <param name="LatePercent">Share of its shipped rows that are late.</param>
internal sealed record ProductFigures(
    long Id,
    string Name,
    long Orders,
    decimal Revenue,
    long Reviews,
    long Points,
    IReadOnlyList<decimal> Stars,
    decimal LatePercent
)
{
    public decimal AverageStars => Reviews == 0 ? 0 : (decimal)Points / Reviews;
}
