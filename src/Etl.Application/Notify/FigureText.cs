using System.Globalization;
using Etl.Application.Runs;

namespace Etl.Application.Notify;

/// <summary>Writes the figures of a message, its first lines: a lock screen shows them.</summary>
internal static class FigureText
{
    public static void Add(PhoneText text, RunSummary summary)
    {
        if (summary.Figures is not { } figures)
        {
            return;
        }

        var shipments = Unknown(figures, "shipments");
        text.Line($"Late shipments: {Text(figures.LateShipments, shipments)}")
            .Line($"Undelivered items: {Text(figures.UndeliveredItems, shipments)}")
            .Line($"Orders on public holidays: {Text(figures.HolidayOrders, "unknown")}")
            .Line($"Best product: {Text(figures.BestProduct, figures)}")
            .Line(Text(figures.Revenue));
        if (figures.Since is { } run)
        {
            text.Line($"In parentheses: change since run {run}");
        }

        text.Part();
    }

    private static string Text(Figure figure, string unknown) =>
        figure.Value is { } value ? $"{Number(value, "#,0")}{Change(figure.Change, "#,0")}" : unknown;

    private static string Text(BestProductFigure product, BusinessFigures figures)
    {
        var before =
            figures.Since is null || product.Name == product.Before ? "" : $" (before: {product.Before ?? "none"})";
        return (product.Name ?? (figures.Absent.Contains("reviews") ? Unknown(figures, "reviews") : "none")) + before;
    }

    private static string Text(RevenueFigure revenue)
    {
        var until = revenue.Until is { } day
            ? string.Create(CultureInfo.InvariantCulture, $" to {day:yyyy-MM-dd}")
            : "";
        var (value, change) = (Number(revenue.Value, "#,0.00"), Change(revenue.Change, "#,0.00"));
        return $"Revenue, {revenue.Days} days{until}: {value}{change}";
    }

    private static string Unknown(BusinessFigures figures, string dataset) =>
        figures.Absent.Contains(dataset) ? $"unknown, {dataset} were not delivered" : "unknown";

    private static string Change(decimal? change, string format) =>
        change is { } difference ? $" ({Number(difference, $"+{format};-{format};+0")})" : "";

    private static string Number(decimal number, string format) =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
