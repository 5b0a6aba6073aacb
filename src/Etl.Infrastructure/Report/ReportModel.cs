using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Report.Charts;

namespace Etl.Infrastructure.Report;

/// <summary>What the templates show: the data, and what is to be said of it.</summary>
/// <param name="Data">The figures.</param>
/// <param name="Now">When the page is made.</param>
/// <param name="BesideExports">Whether the exports lie beside the page, so that it can point to them.</param>
internal sealed record ReportModel(ReportData Data, DateTimeOffset Now, bool BesideExports)
{
    private static readonly string[] States = ["delivered", "in_transit", "late", "pending", "undelivered"];

    public static IReadOnlyList<string> Ages { get; } = ["0 to 30 days", "31 to 90 days", "over 90 days", "unknown"];

    public Run Run => Data.Run.Run;

    public string BusinessDate => Figures.Day(Run.BusinessDate);

    public string AsOf => Figures.Day(Run.AsOf);

    public long Rejected => Data.Run.Files.Sum(f => f.Rejected);

    public TimeSpan Duration => (Run.FinishedAt ?? Now) - Run.StartedAt;

    /// <summary>How the run ended: the words, and the class that colours them.</summary>
    public (string Words, string Kind) Outcome =>
        Run.Status switch
        {
            RunStatus.Succeeded when Rejected > 0 => ("succeeded with rejected rows", "warn"),
            RunStatus.Succeeded => ("succeeded", "good"),
            RunStatus.Superseded => ("succeeded, and was replaced by a later run of its day", "good"),
            RunStatus.TimedOut => ("timed out", "bad"),
            RunStatus.Cancelled => ("was cancelled", "bad"),
            RunStatus.Failed => ("failed", "bad"),
            _ => ("is in progress", "warn"),
        };

    /// <summary>Whose figures the page shows, where they are not the run's own; null where they are.</summary>
    public string? Whose =>
        Data switch
        {
            { IsPublished: true } => null,
            { Published: null } => "No run has been published yet, so there are no figures of the business to show.",
            { WasPublished: false } =>
                $"This run published nothing. {Snapshot} Figures that are kept by day are those of the last one up to {BusinessDate}.",
            _ =>
                $"Run {Data.Published} has been published since. {Snapshot} Figures that are kept by day are those of {BusinessDate}.",
        };

    private string Snapshot =>
        $"Charts of orders, revenue, shipments and products show the snapshot of run {Data.Published}, which readers see.";

    public bool HasFigures => Data.Published is not null;

    public IReadOnlyList<Headline> Headlines => Headline.All(this);

    public BarChart DailyOrders => OrderCharts.Daily(Data.Orders);

    public BarChart Revenue => OrderCharts.Revenue(Data.Months);

    public BarChart? HolidayOrders => Data.Days is [.., var last] ? OrderCharts.Holidays(last, Run.AsOf) : null;

    public IReadOnlyList<ShipmentRow> Shipments =>
        [
            .. Data
                .Shipments.GroupBy(s => s.Status)
                .OrderBy(g => Array.IndexOf(States, g.Key))
                .Select(g => new ShipmentRow(
                    g.Key.Replace('_', ' '),
                    [.. Ages.Select(a => g.Where(s => s.Age == a).Sum(s => s.Shipments))]
                )),
        ];

    public static string Meaning(string state) =>
        state switch
        {
            "delivered" => "has a delivery date",
            "in transit" => "shipped, not delivered, not late",
            "late" => "shipped too long after the order, and not delivered",
            "pending" => "not shipped yet, and not for long",
            "undelivered" => "not shipped for too long",
            _ => "",
        };

    public static string Meaning(RejectCode code) => code.Meaning();
}

/// <summary>The shipments of a state.</summary>
/// <param name="State">Its name.</param>
/// <param name="ByAge">How many, by <see cref="ReportModel.Ages"/>.</param>
internal sealed record ShipmentRow(string State, IReadOnlyList<long> ByAge)
{
    public long All => ByAge.Sum();

    public IReadOnlyList<Segment> Segments => Segment.Of([.. ByAge.Select(n => (decimal)n)]);
}
