using Etl.Application.Options;
using Etl.Application.Runs;

namespace Etl.Application.Operations;

/// <summary>The cost of a month of runs by item, without PostgreSQL and its network.</summary>
/// <param name="Currency">The currency of the amounts.</param>
/// <param name="PricesAsOf">When the prices were looked up.</param>
/// <param name="Runs">Runs that started in the month, whatever their outcome.</param>
/// <param name="Items">The items.</param>
public sealed record MonthCost(string Currency, string PricesAsOf, int Runs, IReadOnlyList<CostItem> Items)
{
    /// <summary>Custom metrics of the function.</summary>
    public const int Metrics = 8;

    /// <summary>Hours of a month, by which AWS computes prices of a month.</summary>
    public const int HoursPerMonth = 730;

    private const decimal Kilo = 1024m;

    /// <summary>Each object is written for the run and again as the latest.</summary>
    private const int WritesPerObject = 2;

    /// <summary>The sum of all items.</summary>
    public decimal Total => Items.Sum(i => i.Amount);

    /// <summary>The cost of a month from the usage of its runs.</summary>
    public static MonthCost Of(IReadOnlyList<RunHistory> runs, CostOptions prices)
    {
        var used = runs.Select(r => r.Usage?.Duration ?? TimeSpan.Zero).ToList();
        var hours = runs.Select(r => r.Run.StartedAt.UtcDateTime).Select(t => (t.Date, t.Hour)).Distinct().Count();
        var invocations = runs.Sum(r => r.Run.Attempts);
        var messages = runs.Count(r => r.MessageSent is not null);
        var reads = runs.Sum(r => r.Files.Count(f => f.Uri.Length > 0));
        var writes = runs.Where(r => r.Exports.Count > 0).Sum(r => (r.Exports.Count + 1) * WritesPerObject);
        var stored = Gigabytes(runs.Sum(r => r.Exports.Sum(e => e.Bytes)));
        var logs = runs.Count * prices.LogKilobytesPerRun / (Kilo * Kilo);
        var lambda = used.Sum(d => RunCost.Of(d, prices).Amount - prices.LambdaRequest);
        var memory = prices.MemoryMegabytes / Kilo * (decimal)used.Sum(d => d.TotalSeconds);
        return new MonthCost(
            prices.Currency,
            prices.PricesAsOf,
            runs.Count,
            [
                new("Lambda, time", memory, "GB-s", lambda),
                Item("Lambda, requests", invocations, "requests", prices.LambdaRequest),
                Item("EventBridge schedule", invocations, "invocations", prices.ScheduleInvocation),
                Item("SNS, messages", messages, "messages", prices.SnsPublish),
                Item("SNS, mail", messages * prices.SnsSubscribers, "mails", prices.SnsEmail),
                Item("S3, reads", reads, "requests", prices.S3Read),
                Item("S3, writes", writes, "requests", prices.S3Write),
                Item("S3, exports kept", stored, "GB-months", prices.S3GigabyteMonth),
                Item("ECR, images", prices.EcrMegabytes / Kilo, "GB-months", prices.EcrGigabyteMonth),
                Item("CloudWatch logs", logs, "GB", prices.LogGigabyte),
                Item("CloudWatch metrics", MetricMonths(hours), "metric-months", prices.MetricMonth),
            ]
        );
    }

    /// <summary>A custom metric is billed for the hours in which it has a value, as a share of a month.</summary>
    /// <param name="hours">Hours of a month in which runs wrote their metrics.</param>
    public static decimal MetricMonths(int hours) => Metrics * hours / (decimal)HoursPerMonth;

    private static decimal Gigabytes(long bytes) => bytes / (Kilo * Kilo * Kilo);

    private static CostItem Item(string name, decimal quantity, string unit, decimal price) =>
        new(name, quantity, unit, quantity * price);
}

/// <summary>An item of a month's cost.</summary>
/// <param name="Name">The service.</param>
/// <param name="Quantity">The quantity.</param>
/// <param name="Unit">The unit of the quantity.</param>
/// <param name="Amount">The cost.</param>
public sealed record CostItem(string Name, decimal Quantity, string Unit, decimal Amount);
