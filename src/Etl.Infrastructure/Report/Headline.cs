using Etl.Infrastructure.Report.Charts;

namespace Etl.Infrastructure.Report;

/// <summary>A headline figure with its change and its trend.</summary>
/// <param name="Label">What is counted.</param>
/// <param name="Value">The formatted figure.</param>
/// <param name="Note">Explanation below the figure; may be empty.</param>
/// <param name="Change">Difference from the previous value, or null if there is none.</param>
/// <param name="Spark">The trend line, or null if there are fewer than two values.</param>
internal sealed record Headline(string Label, string Value, string Note, Change? Change, Spark? Spark)
{
    /// <summary>Days over which the revenue is summed; the window before it has the same length.</summary>
    private const int RevenueDays = 30;

    public static IReadOnlyList<Headline> All(ReportModel model)
    {
        var data = model.Data;
        List<Headline> headlines = [];
        if (model.HasFigures)
        {
            headlines.Add(OfRuns("Orders", data, p => p.Orders, "rows in the snapshot", Growth.Neutral));
            headlines.Add(Revenue(data.Orders));
        }

        if (data.Days is [.., var last])
        {
            headlines.Add(OfDays("Late shipments", data, d => d.Late, "shipped, not delivered, overdue", Growth.Bad));
            headlines.Add(OfDays("Undelivered items", data, d => d.Undelivered, "not shipped in time", Growth.Bad));
            headlines.Add(
                OfDays(
                    "Orders on public holidays",
                    data,
                    d => d.HolidayOrders.Sum(),
                    "in the past year",
                    Growth.Neutral
                )
            );
            headlines.Add(
                new Headline(
                    "Best performing product",
                    last.Best?.Name ?? "none",
                    last.Best is { } best
                        ? $"{Figures.Count(best.Points)} review points; most ordered on {Figures.Day(best.MostOrderedDay)}"
                            + (best.OnPublicHoliday ? ", a public holiday" : "")
                        : "no product has both orders and reviews",
                    Change: null,
                    Spark: null
                )
            );
        }

        headlines.Add(
            OfRuns(
                "Rejected rows",
                data,
                p => p.Rejected,
                $"of {Figures.Count(data.Run.Files.Sum(f => f.Read))} read",
                Growth.Bad
            )
        );
        headlines.Add(RunTime(model));
        return headlines;
    }

    /// <summary>A figure of the report's run, compared with the published run before it.</summary>
    private static Headline OfRuns(
        string label,
        ReportData data,
        Func<PastRun, decimal> figure,
        string note,
        Growth growth
    )
    {
        var now = data.Past[^1];
        var shown = now;
        if (label == "Orders" && !now.WasPublished)
        {
            shown = data.Past.LastOrDefault(p => p.WasPublished) ?? now;
        }

        var published = data.Past.Where(p => p.WasPublished || p == shown).ToList();
        var before = published.Count > 1 && published[^1] == shown ? published[^2] : null;
        return new Headline(
            label,
            Figures.Count(figure(shown)),
            note,
            before is null ? null : Change.Of(figure(shown) - figure(before), $"since {before.Run.RunId}", growth),
            Spark.Of([.. published.Select(figure)])
        );
    }

    private static Headline OfDays(
        string label,
        ReportData data,
        Func<DayFigures, int?> figure,
        string note,
        Growth growth
    )
    {
        var now = data.Days[^1];
        if (figure(now) is not { } shown)
        {
            return new Headline(label, Figures.Count(null), "not delivered", Change: null, Spark: null);
        }

        var before = data.Days.Count > 1 ? data.Days[^2] : null;
        return new Headline(
            label,
            Figures.Count(shown),
            note,
            before is not null && figure(before) is { } last
                ? Change.Of(shown - last, $"since {Figures.Day(before.Day)}", growth)
                : null,
            Spark.Of([.. data.Days.Select(figure).OfType<int>().Select(f => (decimal)f)])
        );
    }

    private static Headline Revenue(IReadOnlyList<OrderDay> orders)
    {
        if (orders.Count == 0)
        {
            return new Headline($"Revenue, {RevenueDays} days", "0.00", "no orders until the as-of date", null, null);
        }

        var last = orders[^1].Day;
        decimal Sum(int from) =>
            orders
                .Where(o => o.Day > last.AddDays(-from - RevenueDays) && o.Day <= last.AddDays(-from))
                .Sum(o => o.Revenue);
        var weeks = Enumerable
            .Range(0, (last.DayNumber - orders[0].Day.DayNumber + 1) / 7)
            .Reverse()
            .Select(w => orders.Where(o => (last.DayNumber - o.Day.DayNumber) / 7 == w).Sum(o => o.Revenue));
        return new Headline(
            $"Revenue, {RevenueDays} days",
            Figures.Count(Math.Round(Sum(0))),
            $"until {Figures.Day(last)}; the line shows weeks",
            orders[0].Day > last.AddDays(1 - (2 * RevenueDays))
                ? null
                : Change.Of(Math.Round(Sum(0) - Sum(RevenueDays)), $"from the {RevenueDays} days before", Growth.Good),
            Spark.Of([.. weeks])
        );
    }

    private static Headline RunTime(ReportModel model)
    {
        var published = model.Data.Past.Where(p =>
            p.WasPublished && p.Run.FinishedAt is not null && p.Run != model.Data.Past[^1].Run
        );
        List<decimal> seconds =
        [
            .. published.Select(p => (decimal)(p.Run.FinishedAt!.Value - p.Run.StartedAt).TotalSeconds),
            (decimal)model.Duration.TotalSeconds,
        ];
        var note = model.Run.FinishedAt is null ? "until this page was created; notify follows" : "from start to end";
        return new Headline("Run time", Figures.Duration(model.Duration), note, Change: null, Spark.Of(seconds));
    }
}

/// <summary>How an increase of a figure is rated.</summary>
internal enum Growth
{
    Neutral,
    Good,
    Bad,
}

/// <summary>The difference from an earlier value.</summary>
/// <param name="Text">The difference with its sign.</param>
/// <param name="Since">What the figure is compared with.</param>
/// <param name="Kind">CSS class: good, bad or same.</param>
internal sealed record Change(string Text, string Since, string Kind)
{
    public static Change Of(decimal difference, string since, Growth growth)
    {
        var kind = (growth, difference) switch
        {
            (_, 0) or (Growth.Neutral, _) => "same",
            (Growth.Good, > 0) or (Growth.Bad, < 0) => "good",
            _ => "bad",
        };
        var sign = difference > 0 ? "▲ +" : "▼ −";
        return new Change(difference == 0 ? "no change" : sign + Figures.Count(Math.Abs(difference)), since, kind);
    }
}
