using Etl.Infrastructure.Report.Charts;

namespace Etl.Infrastructure.Report;

/// <summary>A figure that is seen first, with what became of it since the last time.</summary>
/// <param name="Label">What it counts.</param>
/// <param name="Value">The figure.</param>
/// <param name="Note">What belongs to it; may be empty.</param>
/// <param name="Change">Its change, or null where there is nothing to compare with.</param>
/// <param name="Spark">Its past, or null.</param>
internal sealed record Headline(string Label, string Value, string Note, Change? Change, Spark? Spark)
{
    /// <summary>Days that the revenue is summed over and compared with the same number before.</summary>
    private const int Window = 30;

    public static IReadOnlyList<Headline> All(ReportModel model)
    {
        var data = model.Data;
        List<Headline> headlines = [];
        if (model.HasFigures)
        {
            headlines.Add(OfRuns("Orders", data, p => p.Orders, "rows of the snapshot", More.IsFine));
            headlines.Add(Revenue(data.Orders));
        }

        if (data.Days is [.., var last])
        {
            headlines.Add(OfDays("Late shipments", data, d => d.Late, "sent, not delivered, overdue", More.IsBad));
            headlines.Add(OfDays("Undelivered items", data, d => d.Undelivered, "not sent for too long", More.IsBad));
            var holidays = "in the past year";
            headlines.Add(OfDays("Orders on public holidays", data, d => d.HolidayOrders.Sum(), holidays, More.IsFine));
            headlines.Add(
                new Headline(
                    "Best performing product",
                    last.Best?.Name ?? "none",
                    last.Best is { } best
                        ? $"{Figures.Count(best.Points)} review points; most ordered on {Figures.Day(best.MostOrderedDay)}"
                            + (best.OnPublicHoliday ? ", a public holiday" : "")
                        : "no product has orders and reviews",
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
                More.IsBad
            )
        );
        headlines.Add(Time(model));
        return headlines;
    }

    /// <summary>A figure of the run that the page is about, against the published run before it.</summary>
    private static Headline OfRuns(string label, ReportData data, Func<PastRun, decimal> figure, string note, More more)
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
            before is null ? null : Change.Of(figure(shown) - figure(before), $"since {before.Run.RunId}", more),
            Spark.Of([.. published.Select(figure)])
        );
    }

    private static Headline OfDays(string label, ReportData data, Func<DayFigures, int> figure, string note, More more)
    {
        var now = data.Days[^1];
        var before = data.Days.Count > 1 ? data.Days[^2] : null;
        return new Headline(
            label,
            Figures.Count(figure(now)),
            note,
            before is null ? null : Change.Of(figure(now) - figure(before), $"since {Figures.Day(before.Day)}", more),
            Spark.Of([.. data.Days.Select(d => (decimal)figure(d))])
        );
    }

    private static Headline Revenue(IReadOnlyList<OrderDay> orders)
    {
        if (orders.Count == 0)
        {
            return new Headline($"Revenue, {Window} days", "0.00", "no orders up to the as-of date", null, null);
        }

        var last = orders[^1].Day;
        decimal Sum(int from) =>
            orders.Where(o => o.Day > last.AddDays(-from - Window) && o.Day <= last.AddDays(-from)).Sum(o => o.Revenue);
        var weeks = Enumerable
            .Range(0, (last.DayNumber - orders[0].Day.DayNumber + 1) / 7)
            .Reverse()
            .Select(w => orders.Where(o => (last.DayNumber - o.Day.DayNumber) / 7 == w).Sum(o => o.Revenue));
        return new Headline(
            $"Revenue, {Window} days",
            Figures.Count(Math.Round(Sum(0))),
            $"up to {Figures.Day(last)}; the line is by week",
            orders[0].Day > last.AddDays(1 - (2 * Window))
                ? null
                : Change.Of(Math.Round(Sum(0) - Sum(Window)), $"on the {Window} days before", More.IsGood),
            Spark.Of([.. weeks])
        );
    }

    private static Headline Time(ReportModel model)
    {
        var ended = model.Data.Past.Where(p =>
            p.WasPublished && p.Run.FinishedAt is not null && p.Run != model.Data.Past[^1].Run
        );
        List<decimal> seconds =
        [
            .. ended.Select(p => (decimal)(p.Run.FinishedAt!.Value - p.Run.StartedAt).TotalSeconds),
            (decimal)model.Duration.TotalSeconds,
        ];
        var note = model.Run.FinishedAt is null ? "up to this page; the message follows" : "from start to end";
        return new Headline("Run time", Figures.Duration(model.Duration), note, Change: null, Spark.Of(seconds));
    }
}

/// <summary>What it means that a figure grows.</summary>
internal enum More
{
    IsFine,
    IsGood,
    IsBad,
}

/// <param name="Text">The change, with its sign.</param>
/// <param name="Since">What it is compared with.</param>
/// <param name="Kind">The class that colours it.</param>
internal sealed record Change(string Text, string Since, string Kind)
{
    public static Change Of(decimal difference, string since, More more)
    {
        var kind = (more, difference) switch
        {
            (_, 0) or (More.IsFine, _) => "same",
            (More.IsGood, > 0) or (More.IsBad, < 0) => "good",
            _ => "bad",
        };
        var sign = difference > 0 ? "▲ +" : "▼ −";
        return new Change(difference == 0 ? "no change" : sign + Figures.Count(Math.Abs(difference)), since, kind);
    }
}
