using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class CostTests
{
    [Theory]
    [InlineData(1000, 1024, 1000, "0.0000168667")]
    [InlineData(1000.2, 1024, 1001, "0.0000168833667")]
    [InlineData(2000, 512, 2000, "0.0000168667")]
    [InlineData(0, 1024, 0, "0.0000002")]
    public void A_run_costs_its_started_milliseconds_its_memory_and_its_request(
        double milliseconds,
        int memory,
        long billed,
        string amount
    )
    {
        var cost = RunCost.Of(
            TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)),
            new CostOptions { MemoryMegabytes = memory }
        );
        (cost.BilledMs, cost.MemoryMegabytes, cost.Currency).ShouldBe((billed, memory, "USD"));
        cost.Amount.ShouldBe(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_month_sums_what_its_runs_measured_beside_what_is_paid_by_the_month()
    {
        var month = MonthCost.Of([RunOf(1), RunOf(2)], new CostOptions { EcrMegabytes = 1024, SnsSubscribers = 3 });
        month.Runs.ShouldBe(2);
        Amount("Lambda, time").ShouldBe(4 * 0.0000166667m);
        Amount("Lambda, requests").ShouldBe(2 * 0.0000002m);
        Amount("SNS, mail").ShouldBe(2 * 3 * 0.00002m);
        Amount("S3, reads").ShouldBe(2 * 0.0000004m);
        Amount("S3, writes").ShouldBe(2 * 4 * 0.000005m, "a table and a manifest, of the run and as the latest");
        Amount("S3, exports kept").ShouldBe(0.023m, "two halves of a GB");
        Amount("ECR, images").ShouldBe(0.10m);
        Amount("CloudWatch metrics").ShouldBe(8 * 0.30m / 730, 0.0000001m, "both runs are in one hour");
        month.Total.ShouldBe(month.Items.Sum(i => i.Amount));

        decimal Amount(string name) => month.Items.Single(i => i.Name == name).Amount;
    }

    [Fact]
    public void A_month_without_a_run_pays_for_images_alone() =>
        MonthCost
            .Of([], new CostOptions())
            .Items.Where(i => i.Amount > 0)
            .Select(i => i.Name)
            .ShouldBe(["ECR, images"]);

    private static RunHistory RunOf(int number)
    {
        var run = new Run(
            RunId.Parse($"20260301-00{number}"),
            new DateOnly(2026, 3, 1),
            Trigger.Manual,
            false,
            default
        );
        return new RunHistory(
            run,
            [],
            [new FileRecord("orders", "s3://in/orders.csv", "v", "aa", 10, 1, 1, 0)],
            [],
            [new ExportRecord("agg_shipments", "s3://out/a.csv", 1, 1 << 29, "bb", [])],
            "s3://out/manifest.json",
            MessageSent: true
        )
        {
            Usage = new RunUsage(TimeSpan.FromSeconds(2), 100),
        };
    }
}
