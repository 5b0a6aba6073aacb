using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Report;

namespace Etl.UnitTests.Report;

/// <summary>Builds report data for tests.</summary>
internal static class Reported
{
    public static readonly DateOnly Today = new(2026, 3, 1);
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static ReportModel Page(params PastRun[] past) => new(Data(past), Noon.AddMinutes(5), BesideExports: true);

    /// <summary>Data of the last of these runs; the last published one has the published snapshot.</summary>
    public static ReportData Data(params PastRun[] past)
    {
        var file = new FileRecord("orders", "file:///in/orders.csv", "v", "aa", 1, 1000, 990, past[^1].Rejected);
        return new ReportData(
            new RunHistory(past[^1].Run, [], [file], [], [], null, null),
            Warnings: [],
            Rejects: [],
            past,
            past.LastOrDefault(p => p.Run.Status == RunStatus.Succeeded)?.Run.Id,
            Days: [],
            Orders: [],
            Months: [],
            Shipments: [],
            Products: [],
            ProductCount: 0
        );
    }

    /// <summary>A run of ten seconds, the given number of days before the last.</summary>
    public static PastRun Ago(
        int days,
        long orders = 0,
        long rejected = 0,
        RunStatus status = RunStatus.Succeeded,
        bool ended = true
    )
    {
        var started = Noon.AddDays(-days);
        var id = RunId.First(new BusinessDate(Today.AddDays(-days)));
        var run = new Run(id, id.BusinessDate.Value, Trigger.Manual, forced: false, started)
        {
            Status = status,
            PublishedAt = status == RunStatus.Succeeded ? started : null,
            FinishedAt = ended ? started.AddSeconds(10) : null,
        };
        return new PastRun(run, orders, orders, rejected);
    }

    public static DayFigures Day(int ago, int late, int undelivered = 0, BestProduct? best = null) =>
        new(Today.AddDays(-ago), [1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 4], late, undelivered, best);
}
