using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.UnitTests.Application;

namespace Etl.UnitTests.Notify;

/// <summary>One message for each outcome of a run.</summary>
internal static class MailGallery
{
    private const string Day = "2026-03-01";
    private static readonly RunId Id = RunId.Parse("20260301-001");
    private static readonly DateTimeOffset Night = new(2026, 2, 28, 4, 10, 0, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, MessageFacts> All { get; } =
        new Dictionary<string, MessageFacts>
        {
            ["success"] = Success(),
            ["success_first_run"] = Success(s => s with { Figures = FirstFigures() }) with { Before = null },
            ["success_without_reviews_and_shipments"] = Success(s =>
                s with
                {
                    Figures = FirstFigures() with
                    {
                        LateShipments = new(null, null),
                        UndeliveredItems = new(null, null),
                        BestProduct = new(null, null),
                        Absent = ["reviews", "shipments"],
                    },
                }
            ),
            ["success_with_other_tables"] = Success(s => s with { Figures = null }),
            ["success_with_rejects"] = WithRejects(),
            ["forced"] = Success(s => s with { Forced = true, AsOf = "2026-02-15" }),
            ["replay"] = Success(s => s with { Forced = true, BaseRunId = "20260301-001", RunId = "20260301-002" }),
            ["recovered"] = Success() with { LastEnded = Failed(RunStatus.Failed) },
            ["recovered_after_failed_starts"] = Success() with
            {
                Repeats = [new(BusinessDate.Parse(Day), "source_missing:orders", 2000, 1999, Night, Night.AddHours(3))],
            },
            ["recovered_with_rejects"] = WithRejects() with { LastEnded = Failed(RunStatus.TimedOut) },
            ["recovered_after_its_own_failure"] = Success(s =>
                s with
                {
                    Interruption = new EtlError(ErrorCode.Lake, "The lake file:///lake is full.", "Make room."),
                }
            ),
            ["failure_rejects"] = FailureOverTheLimit(),
            ["failure_source"] = Failure(
                ErrorCode.SourceMissing,
                "The orders file is missing: no orders.csv in /data/incoming/2026-03-01.",
                "Put the file there, then run again; nothing was changed."
            ),
            ["failure_data_test"] = Failure(
                ErrorCode.DataTest,
                "1 data test failed. orders_without_product: 12 orders that name no product.",
                "Nothing was published. Correct the source and run again; `etl runs show` lists every data test."
            ),
            ["failure_database"] = Failure(
                ErrorCode.DatabaseUnreachable,
                "PostgreSQL at db.example:5432 does not answer.",
                "Start the server, or correct Etl:Postgres:ConnectionString, and run again.",
                run: null
            ),
            ["failure_lake"] = Failure(
                ErrorCode.Lake,
                "The lake s3://lake refused a write: access denied.",
                "Let the function write there, then run again.",
                change: s => s with { PublishedAt = Night, Sources = Sources(0) }
            ),
            ["failure_internal"] = Failure(
                ErrorCode.Internal,
                "The program itself failed (NullReferenceException).",
                "Report the stack trace of the log (etl: --verbose); a rerun is safe."
            ),
            ["failure_replay"] = Failure(
                ErrorCode.RejectLimit,
                "2 of 3 rows of corrected.csv were rejected (66.67 %), more than the limit.",
                "Nothing was published. Correct the file, or raise Etl:Quality:MaxRejectedPercent, and run again.",
                change: s => s with { BaseRunId = "20260301-001", RunId = "20260301-002" }
            ),
            ["failure_abandoned"] = Failure(
                ErrorCode.LeaseLost,
                "The run was abandoned: its lease was not renewed, and another run started.",
                "Run it again: etl run --date 2026-03-01"
            ),
            ["timed_out"] = Failure(
                ErrorCode.Deadline,
                "The run stopped itself before its host's time limit.",
                "Raise the limit, or run on a host without one; a rerun continues after the last publish.",
                change: s => s with { Status = SummaryStatus.TimedOut }
            ),
            ["cancelled"] = Failure(
                ErrorCode.Cancelled,
                "The run was stopped on request.",
                "Run it again: a run that was not published is rolled back, a published one is only exported.",
                change: s => s with { Status = SummaryStatus.Cancelled, Forced = true }
            ),
        };

    private static MessageFacts Success(Func<RunSummary, RunSummary>? change = null)
    {
        var summary = Summary(Sources(0), null) with { PublishedAt = Night };
        return new MessageFacts(Id, change?.Invoke(summary) ?? summary) { Before = LastRun() };
    }

    private static MessageFacts WithRejects()
    {
        var summary = Summary(Sources(7), null) with { PublishedAt = Night };
        summary = summary with
        {
            Warnings =
            [
                new(RunWarningKind.RejectedRows, "orders.csv: 7 of 9,998 rows rejected (bad_date 5, duplicate_key 2)."),
            ],
        };
        return new MessageFacts(Id, summary) { Before = LastRun(), Rejects = Digests() };
    }

    private static MessageFacts FailureOverTheLimit() =>
        Failure(
            ErrorCode.RejectLimit,
            "700 of 9998 rows of orders.csv were rejected (7 %), more than the limit."
                + " line 17: order_date is '2026-13-01', expected a day as yyyy-MM-dd.",
            "Nothing was published. Correct the file, or raise Etl:Quality:MaxRejectedPercent, and run again.",
            change: s => s with { Sources = Sources(700) }
        ) with
        {
            Before = LastRun(),
            Rejects = Digests(),
        };

    private static MessageFacts Failure(
        ErrorCode code,
        string message,
        string nextStep,
        string? run = "20260301-001",
        Func<RunSummary, RunSummary>? change = null
    )
    {
        var summary = Summary([], new EtlError(code, message, nextStep)) with
        {
            RunId = run,
            Status = SummaryStatus.Failed,
            ManifestUri = null,
            ReportUri = null,
            Tests = [],
            Warnings = [],
        };
        return new MessageFacts(run is null ? null : Id, change?.Invoke(summary) ?? summary);
    }

    private static RunSummary Summary(IReadOnlyList<FileRecord> sources, EtlError? error) =>
        new(
            Id.ToString(),
            Day,
            Day,
            SummaryStatus.Succeeded,
            TimeSpan.FromSeconds(1.8),
            sources,
            [
                new DataTestResult(
                    "shipment_before_order",
                    Severity.Warn,
                    31,
                    "shipments that left before their order"
                ),
                new DataTestResult("order_without_id", Severity.Error, 0, "orders without an id"),
            ],
            [],
            "file:///var/lake/analytics_export/business_date=2026-03-01/run=20260301-001/manifest.json",
            [new(RunWarningKind.IgnoredColumns, "reviews.csv: ignored columns comment, reviewer_name.")],
            error
        )
        {
            ReportUri = "file:///var/lake/analytics_export/business_date=2026-03-01/run=20260301-001/report.html",
            Cost = RunCost.Of(TimeSpan.FromSeconds(1.8), new CostOptions()),
            Figures = error is null ? Figures() : null,
        };

    private static BusinessFigures Figures() =>
        new(
            "20260228-002",
            new Figure(1_204, 12),
            new Figure(87, -3),
            new Figure(340, 0),
            new BestProductFigure("Product 22", "Product 7"),
            new RevenueFigure(30, new DateOnly(2026, 2, 28), 1_284_310.50m, -12_400.25m),
            []
        );

    private static BusinessFigures FirstFigures() =>
        new(
            null,
            new Figure(1_204, null),
            new Figure(87, null),
            new Figure(340, null),
            new BestProductFigure("Product 22", null),
            new RevenueFigure(30, new DateOnly(2026, 2, 28), 1_284_310.50m, null),
            []
        );

    private static FileRecord[] Sources(long rejected) =>
        [
            new("orders", "file:///in/orders.csv", "v", "aa", 1_400_208, 9_998, 9_998 - rejected, rejected),
            new("reviews", "file:///in/reviews.csv", "v", "bb", 23_400, 5_000, 5_000, 0),
            new("shipments", "file:///in/shipment_deliveries.csv", "v", "cc", 309_281, 1_210_000, 1_210_000, 0),
        ];

    private static RunHistory LastRun()
    {
        var run = new Run(RunId.Parse("20260228-002"), new DateOnly(2026, 2, 28), Trigger.Schedule, false, Night);
        return FakeLedger.HistoryOf(
            run,
            [
                new("orders", "", "", "", 0, 9_900, 9_878, 22),
                new("reviews", "", "", "", 0, 5_000, 5_000, 0),
                new("shipments", "", "", "", 0, 1_211_500, 1_211_500, 0),
            ]
        );
    }

    private static Run Failed(RunStatus status)
    {
        var run = new Run(RunId.Parse("20260228-001"), new DateOnly(2026, 2, 28), Trigger.Schedule, false, Night);
        run.End(
            status,
            "source_missing",
            "The orders file is missing: no orders.csv in /data/incoming.",
            "Put it",
            Night
        );
        return run;
    }

    private static RejectDigest[] Digests()
    {
        var rows = new FakeQuarantine()
            .Add(
                "orders.csv",
                "orders",
                17,
                "order_date",
                RejectCode.BadDate,
                "order_date is '2026-13-01', expected a day as yyyy-MM-dd"
            )
            .Add(
                "orders.csv",
                "orders",
                18,
                "order_date",
                RejectCode.BadDate,
                $"order_date is '{new string('x', 200)}', expected a day"
            )
            .Add("orders.csv", "orders", 90, null, RejectCode.FieldCount, "the row has 6 fields where the header has 7")
            .Rows;
        return
        [
            new(new RejectCount("orders", RejectCode.BadDate, 5), rows[..2]),
            new(new RejectCount("orders", RejectCode.FieldCount, 2), rows[2..]),
        ];
    }
}
