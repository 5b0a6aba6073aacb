namespace Etl.Application.Options;

/// <summary>
/// What the system costs where it runs as a Lambda function: prices of us-east-1 before any free tier, in
/// <see cref="Currency"/>. They change no run; they are for its cost line and for the sum of a month. Section
/// <c>Etl:Cost</c>.
/// </summary>
public sealed class CostOptions
{
    /// <summary>What the prices are in. Default <c>USD</c>.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>When the prices were looked up, for people to validator them by. Default <c>2025-06</c>.</summary>
    public string PricesAsOf { get; set; } = "2025-06";

    /// <summary>
    /// The function's memory in MB, 128 to 10,240, of which a local run is priced too. Default 1024; the Lambda host takes
    /// its own.
    /// </summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>A GB of the function's memory for a second. Default 0.0000166667 (x86).</summary>
    public decimal LambdaGigabyteSecond { get; set; } = 0.0000166667m;

    /// <summary>An invocation of the function. Default 0.0000002.</summary>
    public decimal LambdaRequest { get; set; } = 0.0000002m;

    /// <summary>An invocation by the schedule. Default 0.000001.</summary>
    public decimal ScheduleInvocation { get; set; } = 0.000001m;

    /// <summary>A message given to SNS. Default 0.0000005.</summary>
    public decimal SnsPublish { get; set; } = 0.0000005m;

    /// <summary>A message that SNS delivers by mail. Default 0.00002.</summary>
    public decimal SnsEmail { get; set; } = 0.00002m;

    /// <summary>Mail addresses that are subscribed to the topic. Default 1.</summary>
    public int SnsSubscribers { get; set; } = 1;

    /// <summary>A write to S3. Default 0.000005.</summary>
    public decimal S3Write { get; set; } = 0.000005m;

    /// <summary>A read from S3. Default 0.0000004.</summary>
    public decimal S3Read { get; set; } = 0.0000004m;

    /// <summary>A GB in S3 for a month. Default 0.023.</summary>
    public decimal S3GigabyteMonth { get; set; } = 0.023m;

    /// <summary>A GB of images in ECR for a month. Default 0.10.</summary>
    public decimal EcrGigabyteMonth { get; set; } = 0.10m;

    /// <summary>Size of the images that ECR keeps, in MB. Default 300.</summary>
    public int EcrMegabytes { get; set; } = 300;

    /// <summary>A GB of log taken in. Default 0.50.</summary>
    public decimal LogGigabyte { get; set; } = 0.50m;

    /// <summary>Log lines of a run, in KB. Default 16.</summary>
    public int LogKilobytesPerRun { get; set; } = 16;

    /// <summary>A metric of one's own for a month. Default 0.30.</summary>
    public decimal MetricMonth { get; set; } = 0.30m;
}
