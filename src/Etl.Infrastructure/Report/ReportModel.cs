using Etl.Domain.Runs;
using Etl.Infrastructure.Report.Charts;

namespace Etl.Infrastructure.Report;

/// <summary>The input of the templates: the data, and what is derived from it.</summary>
/// <param name="Data">The figures.</param>
/// <param name="Now">When the page is created.</param>
/// <param name="BesideExports">Whether the page is written to the folder of the exports and links to them.</param>
internal sealed record ReportModel(ReportData Data, DateTimeOffset Now, bool BesideExports)
{
    private static readonly string[] States = ["delivered", "in_transit", "late", "pending", "undelivered"];

    public static IReadOnlyList<string> Ages { get; } = ["0 to 30 days", "31 to 90 days", "over 90 days", "unknown"];

    public Run Run => Data.Run.Run;

    public string BusinessDate => Figures.Day(Run.BusinessDate);

    public string AsOf => Figures.Day(Run.AsOf);

    public long Rejected => Data.Run.Files.Sum(f => f.Rejected);

    public TimeSpan Duration => (Run.FinishedAt ?? Now) - Run.StartedAt;

    /// <summary>The outcome, completing "Run …", and its CSS class: good, warn or bad.</summary>
    public (string Text, string Kind) Outcome =>
        Run.Status switch
        {
            RunStatus.Succeeded when Run is { IsExportPending: true, ErrorCode: not null } => (
                "is published, its export is pending",
                "warn"
            ),
            RunStatus.Succeeded when Rejected > 0 => ("succeeded with rejected rows", "warn"),
            RunStatus.Succeeded => ("succeeded", "good"),
            RunStatus.RolledBack => ("succeeded, and was rolled back", "bad"),
            RunStatus.Superseded => ("succeeded, and was replaced by a later run of its day", "good"),
            RunStatus.TimedOut => ("timed out", "bad"),
            RunStatus.Cancelled => ("was cancelled", "bad"),
            RunStatus.Failed => ("failed", "bad"),
            _ => ("is in progress", "warn"),
        };

    /// <summary>Which run's snapshot the page shows; null if it is the one of this run.</summary>
    public string? SnapshotNote =>
        Data switch
        {
            { IsPublished: true } => null,
            { Published: null } => "No run has been published yet, so this page has no business figures.",
            { WasPublished: false } =>
                $"This run published nothing. {Snapshot} Daily figures are the latest until {BusinessDate}.",
            _ =>
                $"Run {Data.Published} has been published since. {Snapshot} Daily figures are those of {BusinessDate}.",
        };

    private string Snapshot =>
        $"Charts of orders, revenue, shipments and products show the published snapshot of run {Data.Published}.";

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
            "delivered" => "delivery date is set",
            "in transit" => "shipped, not delivered, not late",
            "late" => "shipped too long after the order, not delivered",
            "pending" => "not shipped yet, not overdue",
            "undelivered" => "not shipped in time",
            _ => "",
        };
}

/// <summary>The shipments of a state.</summary>
/// <param name="State">The state's name.</param>
/// <param name="ByAge">Number of shipments by <see cref="ReportModel.Ages"/>.</param>
internal sealed record ShipmentRow(string State, IReadOnlyList<long> ByAge)
{
    public long All => ByAge.Sum();

    public IReadOnlyList<Segment> Segments => Segment.Of([.. ByAge.Select(n => (decimal)n)]);
}
