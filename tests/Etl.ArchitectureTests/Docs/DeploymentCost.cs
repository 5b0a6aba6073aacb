using System.Globalization;
using Etl.Application.Operations;
using Etl.Application.Options;

namespace Etl.ArchitectureTests.Docs;

/// <summary>
/// What the default deployment costs in a month: the one source of the figures in README.md, terraform/README.md and
/// docs/cost.md. Prices that a run uses are the defaults of the settings; the others are list prices of the same region.
/// </summary>
internal static class DeploymentCost
{
    public const string DatabaseClass = "db.t4g.micro";
    public const int StorageGigabytes = 20;
    public const int MemoryMegabytes = 1769;
    private const int Runs = 30;

    private const decimal DatabaseHour = 0.016m;
    private const decimal StorageMonth = 0.115m;
    private const decimal EndpointHour = 0.01m;
    private const decimal KeyMonth = 1.00m;
    private const decimal SecretMonth = 0.40m;
    private const decimal AlarmMonth = 0.10m;
    private const decimal NatHour = 0.045m;
    private const decimal ProcessorHour = 0.04048m;
    private const decimal MemoryHour = 0.004445m;
    private const int Hours = MonthCost.HoursPerMonth;

    private static readonly CostOptions Prices = new();

    /// <summary>The sum of a month, rounded as the pages state it.</summary>
    public static int Dollars(int alarms) => (int)Math.Round(Items(alarms).Sum(i => i.Amount));

    /// <summary>The metrics of a month of daily runs.</summary>
    public static decimal Metrics => MonthCost.MetricMonths(Runs) * Prices.MetricMonth;

    /// <summary>The rows of the table in terraform/README.md.</summary>
    public static string Table(int alarms)
    {
        var items = Items(alarms).ToList();
        string[] lines =
        [
            "| item | calculation | per month |",
            "|---|---|---|",
            .. items.Select(i => Row(i.Name, i.Calculation, Text(i.Amount))),
            Row("scheduler, SQS, SNS mail, S3 gateway, budget, dashboard", "within the free tier", "0.00"),
            Row("**total**", "", $"**{Text(items.Sum(i => i.Amount))}**"),
            .. Options().Select(i => Row(i.Name, i.Calculation, Text(i.Amount))),
        ];
        return string.Join('\n', lines);
    }

    private static IEnumerable<Item> Items(int alarms)
    {
        var gigabyteSeconds = Runs * 60 * MemoryMegabytes / 1024m;
        yield return new(
            $"Lambda, {Runs} runs of 60 s, {MemoryMegabytes:N0} MB",
            $"{gigabyteSeconds:N0} GB-s x {Prices.LambdaGigabyteSecond}",
            gigabyteSeconds * Prices.LambdaGigabyteSecond
        );
        yield return Database();
        yield return Endpoint("SNS endpoint, one zone", count: 1);
        yield return new("key, master secret", $"{KeyMonth} + {SecretMonth}", KeyMonth + SecretMonth);
        yield return new($"{alarms} alarms", $"{alarms} x {AlarmMonth}", alarms * AlarmMonth);
        yield return new(
            $"{MonthCost.Metrics} metrics, in {Runs} hours of {Hours}",
            $"{MonthCost.Metrics} x {Runs} / {Hours} x {Prices.MetricMonth}",
            Metrics
        );
        yield return new("logs, 0.1 GB", $"0.1 GB x {Prices.LogGigabyte}", 0.1m * Prices.LogGigabyte);
        yield return new(
            "S3, 10 GB with versions; ECR, 1 GB",
            $"10 GB x {Prices.S3GigabyteMonth}, 1 GB x {Prices.EcrGigabyteMonth}",
            (10 * Prices.S3GigabyteMonth) + Prices.EcrGigabyteMonth
        );
    }

    private static IEnumerable<Item> Options()
    {
        yield return new("a NAT gateway, not used", $"{Hours} h x {NatHour}", Hours * NatHour);
        yield return Endpoint("with `fargate`: three more endpoints", count: 3);
        yield return new(
            $"{Runs} runs of one hour on Fargate, 1 vCPU, 2 GB",
            $"{Runs} h x ({ProcessorHour} + 2 x {MemoryHour})",
            Runs * (ProcessorHour + (2 * MemoryHour))
        );
        yield return new(
            "with `multi_az`",
            "database and endpoint twice",
            Database().Amount + Endpoint("", count: 1).Amount
        );
    }

    private static Item Database() =>
        new(
            $"RDS {DatabaseClass}, {StorageGigabytes} GB, one zone",
            $"{Hours} h x {DatabaseHour}, {StorageGigabytes} GB x {StorageMonth}",
            (Hours * DatabaseHour) + (StorageGigabytes * StorageMonth)
        );

    private static Item Endpoint(string name, int count) =>
        new(name, $"{(count == 1 ? "" : $"{count} x ")}{Hours} h x {EndpointHour}", count * Hours * EndpointHour);

    private static string Row(string name, string calculation, string amount) =>
        $"| {name} | {calculation} | {amount} |";

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed record Item(string Name, string Calculation, decimal Amount);
}
