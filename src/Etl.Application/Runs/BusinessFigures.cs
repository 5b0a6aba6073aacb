namespace Etl.Application.Runs;

/// <summary>The state of the business after a run, and its change since the published run before it.</summary>
/// <param name="Since">The run that the changes are counted from; null if there is none whose tables are kept.</param>
/// <param name="LateShipments">Late shipments; unknown without a file of shipments.</param>
/// <param name="UndeliveredItems">Undelivered items; unknown without a file of shipments.</param>
/// <param name="HolidayOrders">Orders on public holidays of the past year.</param>
/// <param name="BestProduct">The best performing product.</param>
/// <param name="Revenue">The revenue of the last days with orders.</param>
/// <param name="Absent">The datasets that were not delivered.</param>
public sealed record BusinessFigures(
    string? Since,
    Figure LateShipments,
    Figure UndeliveredItems,
    Figure HolidayOrders,
    BestProductFigure BestProduct,
    RevenueFigure Revenue,
    IReadOnlyList<string> Absent
);

/// <summary>A figure.</summary>
/// <param name="Value">The figure; null if it is unknown.</param>
/// <param name="Change">The difference from the run before; null if one of the two is unknown.</param>
public sealed record Figure(decimal? Value, decimal? Change);

/// <summary>The best performing product.</summary>
/// <param name="Name">Its name; null if there is none.</param>
/// <param name="Before">The best product of the run before; null if there is none or it is unknown.</param>
public sealed record BestProductFigure(string? Name, string? Before);

/// <summary>The revenue of the last days with orders.</summary>
/// <param name="Days">The number of days.</param>
/// <param name="Until">The last of them: the last day with an order until the as-of date; null if there is no order.</param>
/// <param name="Value">Their revenue.</param>
/// <param name="Change">The difference from the same figure of the run before; null if that is unknown.</param>
public sealed record RevenueFigure(int Days, DateOnly? Until, decimal Value, decimal? Change);
