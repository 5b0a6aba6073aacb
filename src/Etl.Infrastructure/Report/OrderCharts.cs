using Etl.Infrastructure.Report.Charts;

namespace Etl.Infrastructure.Report;

/// <summary>The bar charts of orders and revenue.</summary>
internal static class OrderCharts
{
    /// <summary>Minimum distance of labels on a wide screen, in percent of the chart's width.</summary>
    private const double LabelSpacing = 12;

    /// <summary>Minimum distance of labels on a phone, in percent of the chart's width.</summary>
    private const double NarrowLabelSpacing = 30;

    /// <summary>Every day from the first to the last, including days without orders.</summary>
    public static BarChart Daily(IReadOnlyList<OrderDay> orders)
    {
        var days = EveryDay(orders);
        var values = days.ConvertAll(d => new BarValue(
            Figures.Day(d.Day),
            d.Orders,
            Figures.Count(d.Orders),
            d.IsPublicHoliday
        ));
        var holidays = days.Where(d => d.IsPublicHoliday).ToList();
        var (bars, ticks) = BarChart.Draw(values, Figures.Short);
        var span = days.Count == 0 ? "no day" : $"{values[0].Key} to {values[^1].Key}";
        return new BarChart(
            "daily-orders",
            "Orders per day",
            $"Bar chart, {span}: {Figures.Count(days.Sum(d => d.Orders))} orders, at most "
                + $"{Figures.Count(days.Select(d => d.Orders).DefaultIfEmpty().Max())} a day. Public holidays: "
                + (holidays.Count == 0 ? "none." : string.Join(", ", holidays.Select(d => Figures.Day(d.Day))) + "."),
            "orders",
            "day",
            bars,
            ticks,
            Spaced(bars, b => DayOf(b).Day == 1 ? $"{Figures.MonthName(DayOf(b))} {DayOf(b).Year}" : null)
        )
        {
            MarkName = "public holiday",
        };
    }

    public static BarChart Revenue(IReadOnlyList<OrderMonth> months)
    {
        List<BarValue> values =
        [
            .. months.Select(m => new BarValue(Figures.Month(m.First), m.Revenue, Figures.Money(m.Revenue))),
        ];
        var (bars, ticks) = BarChart.Draw(values, Figures.Short);
        var span = months.Count == 0 ? "no month" : $"{values[0].Key} to {values[^1].Key}";
        return new BarChart(
            "revenue",
            "Revenue per month",
            $"Bar chart, {span}: {Figures.Money(months.Sum(m => m.Revenue))} in total, at most "
                + $"{Figures.Money(months.Select(m => m.Revenue).DefaultIfEmpty().Max())} a month.",
            "revenue",
            "month",
            bars,
            ticks,
            Spaced(bars, b => b.Of.Key.EndsWith("-01", StringComparison.Ordinal) ? b.Of.Key[..4] : null)
        );
    }

    public static BarChart Holidays(DayFigures figures, DateOnly asOf)
    {
        List<BarValue> values =
        [
            .. figures.HolidayOrders.Select(
                (n, i) => new BarValue(Figures.MonthName(new DateOnly(asOf.Year, i + 1, 1)), n, Figures.Count(n))
            ),
        ];
        var (bars, ticks) = BarChart.Draw(values, Figures.Short);
        var months = values.Where(v => v.Value > 0).Select(v => $"{v.Key} {v.Shown}").DefaultIfEmpty("none");
        return new BarChart(
            "holiday-orders",
            "Orders on public holidays, past year",
            $"Bar chart of twelve months: {string.Join(", ", months)}.",
            "orders",
            "month",
            bars,
            ticks,
            [.. bars.Select((b, i) => new AxisLabel(b.Middle, b.Of.Key, IsMinor: i % 2 == 1))]
        );
    }

    private static List<OrderDay> EveryDay(IReadOnlyList<OrderDay> orders)
    {
        var known = orders.ToDictionary(o => o.Day);
        return orders.Count == 0
            ? []
            :
            [
                .. Enumerable
                    .Range(0, orders[^1].Day.DayNumber - orders[0].Day.DayNumber + 1)
                    .Select(orders[0].Day.AddDays)
                    .Select(d => known.GetValueOrDefault(d) ?? new OrderDay(d, 0, 0, IsPublicHoliday: false)),
            ];
    }

    private static DateOnly DayOf(Bar bar) =>
        DateOnly.ParseExact(bar.Of.Key, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The labels that fit: none overlaps another one or the right edge.</summary>
    private static List<AxisLabel> Spaced(IReadOnlyList<Bar> bars, Func<Bar, string?> textOf)
    {
        var labels = new List<AxisLabel>();
        var major = double.NegativeInfinity;
        foreach (var bar in bars)
        {
            var free = labels.Count == 0 || bar.X - labels[^1].X >= LabelSpacing;
            if (textOf(bar) is { } text && free && bar.X <= 100 - LabelSpacing)
            {
                var minor = bar.X - major < NarrowLabelSpacing || bar.X > 100 - NarrowLabelSpacing;
                labels.Add(new AxisLabel(bar.X, text, minor));
                major = minor ? major : bar.X;
            }
        }

        return labels;
    }
}
