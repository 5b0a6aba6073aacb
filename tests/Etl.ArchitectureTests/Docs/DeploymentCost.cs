using System.Globalization;
using Etl.Application.Operations;
using Etl.Application.Options;

namespace Etl.ArchitectureTests.Docs;

/// <summary>
/// What a deployment costs in a month in both profiles of the variable idle: the one source of the figures in README.md,
/// terraform/README.md and docs/cost.md. Prices that a run uses are the defaults of the settings; the others are list prices of the same region.
/// </summary>
internal static class DeploymentCost
{
    public const string DatabaseClass = "db.t4g.micro";
    public const int StorageGigabytes = 20;
    public const int MemoryMegabytes = 1769;
    public const int RelayMegabytes = 512;
    private const int Runs = 30;

    /// <summary>A run, a resume of the database, and the wait before it pauses.</summary>
    private const int AwakeSeconds = 60 + 30 + 300;
    private const int Acu = 2;

    private const int Loaders = 4;
    private const int LoaderMinutes = 10;
    private const int LoaderHours = Runs * Loaders * LoaderMinutes / 60;

    private const decimal DatabaseHour = 0.016m;
    private const decimal StorageMonth = 0.115m;
    private const decimal AcuHour = 0.12m;
    private const decimal AuroraStorageMonth = 0.10m;
    private const decimal AuroraMillionRequests = 0.20m;
    private const decimal EndpointHour = 0.01m;
    private const decimal KeyMonth = 1.00m;
    private const decimal SecretMonth = 0.40m;
    private const decimal AlarmMonth = 0.10m;
    private const decimal NatHour = 0.045m;
    private const decimal AthenaTerabyte = 5.00m;
    private const decimal ProcessorHour = 0.04048m;
    private const decimal MemoryHour = 0.004445m;
    private const int Hours = MonthCost.HoursPerMonth;

    private static readonly CostOptions Prices = new();

    /// <summary>The sum of a month, rounded as the pages state it.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="alarms">The number of its alarms.</param>
    public static int Dollars(Idle profile, int alarms) =>
        (int)Math.Round(Items(alarms, alarms).Sum(i => i.In(profile)));

    /// <summary>The metrics of a month of daily runs.</summary>
    public static decimal Metrics => MonthCost.MetricMonths(Runs) * Prices.MetricMonth;

    /// <summary>The rows of the table in terraform/README.md.</summary>
    /// <param name="alarms">The number of alarms with an instance.</param>
    /// <param name="alarmsOfZero">The number of alarms with a database that pauses.</param>
    public static string Table(int alarms, int alarmsOfZero)
    {
        var items = Items(alarms, alarmsOfZero).ToList();
        string[] lines =
        [
            "| item | calculation | `ready` | `zero` |",
            "|---|---|---|---|",
            .. items.Select(Row),
            "| scheduler, SQS, SNS mail, S3 gateway, budget, dashboard | within the free tier | 0.00 | 0.00 |",
            $"| **total** |  | **{Text(items.Sum(i => i.Ready))}** | **{Text(items.Sum(i => i.Zero))}** |",
            .. Options().Select(Row),
        ];
        return string.Join('\n', lines);
    }

    private static IEnumerable<Item> Items(int alarms, int alarmsOfZero)
    {
        var gigabyteSeconds = Runs * 60 * MemoryMegabytes / 1024m;
        yield return Both(
            $"Lambda, {Runs} runs of 60 s, {MemoryMegabytes:N0} MB",
            $"{gigabyteSeconds:N0} GB-s x {Prices.LambdaGigabyteSecond}",
            gigabyteSeconds * Prices.LambdaGigabyteSecond
        );
        yield return Instance();
        yield return Cluster();
        yield return Endpoint("SNS endpoint, one zone", count: 1);
        yield return Relay();
        yield return Both("key, master secret", $"{KeyMonth} + {SecretMonth}", KeyMonth + SecretMonth);
        yield return new(
            $"{alarms} alarms, {alarmsOfZero} with `zero`",
            $"{AlarmMonth} each",
            alarms * AlarmMonth,
            alarmsOfZero * AlarmMonth
        );
        yield return Both(
            $"{MonthCost.Metrics} metrics, in {Runs} hours of {Hours}",
            $"{MonthCost.Metrics} x {Runs} / {Hours} x {Prices.MetricMonth}",
            Metrics
        );
        yield return Both("logs, 0.1 GB", $"0.1 GB x {Prices.LogGigabyte}", 0.1m * Prices.LogGigabyte);
        yield return Both(
            "S3, 10 GB with versions; ECR, 1 GB",
            $"10 GB x {Prices.S3GigabyteMonth}, 1 GB x {Prices.EcrGigabyteMonth}",
            (10 * Prices.S3GigabyteMonth) + Prices.EcrGigabyteMonth
        );
    }

    private static IEnumerable<Item> Options()
    {
        yield return Both("a NAT gateway, not used", $"{Hours} h x {NatHour}", Hours * NatHour);
        yield return Endpoint("with `fargate`: three more endpoints", count: 3);
        yield return Both(
            $"{Runs} runs of one hour on Fargate, 1 vCPU, 2 GB",
            $"{Runs} h x ({ProcessorHour} + 2 x {MemoryHour})",
            Runs * (ProcessorHour + (2 * MemoryHour))
        );
        yield return Both(
            $"with `loaders`, {Loaders} for each of {Runs} runs, {LoaderMinutes} minutes, 1 vCPU, 2 GB",
            $"{LoaderHours} h x ({ProcessorHour} + 2 x {MemoryHour}); {Runs} requests x {Prices.S3Write}",
            (LoaderHours * (ProcessorHour + (2 * MemoryHour))) + (Runs * Prices.S3Write)
        );
        yield return new(
            "with `multi_az`",
            "instance and endpoint twice; capacity twice",
            Instance().Ready + Endpoint("", count: 1).Ready,
            Capacity
        );
        yield return Both(
            $"with `glue_catalog`, {Runs} queries of Athena",
            $"{Runs} x 10 MB at {AthenaTerabyte} per TB; the catalog is free",
            Runs * 10m / 1_000_000 * AthenaTerabyte
        );
    }

    private static decimal AwakeHours => Runs * AwakeSeconds / 3600m;

    private static decimal Capacity => AwakeHours * Acu * AcuHour;

    private static Item Instance() =>
        new(
            $"RDS {DatabaseClass}, {StorageGigabytes} GB, one zone",
            $"{Hours} h x {DatabaseHour}, {StorageGigabytes} GB x {StorageMonth}",
            (Hours * DatabaseHour) + (StorageGigabytes * StorageMonth),
            null
        );

    private static Item Cluster() =>
        new(
            $"Aurora Serverless, awake {AwakeHours:0.00} h, {Acu} ACU, {StorageGigabytes} GB",
            $"{AwakeHours:0.00} h x {Acu} x {AcuHour}, {StorageGigabytes} GB x {AuroraStorageMonth}, 1 million requests x {AuroraMillionRequests}",
            null,
            Capacity + (StorageGigabytes * AuroraStorageMonth) + AuroraMillionRequests
        );

    private static Item Relay()
    {
        var gigabyteSeconds = Runs * 5 * RelayMegabytes / 1024m;
        return new(
            $"Lambda, {Runs} messages of 5 s, {RelayMegabytes} MB",
            $"{gigabyteSeconds:N0} GB-s x {Prices.LambdaGigabyteSecond}",
            null,
            gigabyteSeconds * Prices.LambdaGigabyteSecond
        );
    }

    private static Item Endpoint(string name, int count) =>
        new(name, $"{(count == 1 ? "" : $"{count} x ")}{Hours} h x {EndpointHour}", count * Hours * EndpointHour, null);

    private static Item Both(string name, string calculation, decimal amount) => new(name, calculation, amount, amount);

    private static string Row(Item item) =>
        $"| {item.Name} | {item.Calculation} | {Text(item.Ready)} | {Text(item.Zero)} |";

    private static string Text(decimal? amount) => amount?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    /// <summary>An item and its cost in each profile; null if the profile has none.</summary>
    private sealed record Item(string Name, string Calculation, decimal? Ready, decimal? Zero)
    {
        public decimal In(Idle profile) => (profile == Idle.Ready ? Ready : Zero) ?? 0;
    }
}

/// <summary>The values of the variable idle.</summary>
internal enum Idle
{
    /// <summary>An instance and an endpoint that are always on.</summary>
    Ready,

    /// <summary>A database that pauses.</summary>
    Zero,
}
