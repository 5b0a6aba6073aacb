using System.ComponentModel.DataAnnotations;

namespace Etl.Application.Options;

/// <summary>
/// Prices of the AWS services that a run as a Lambda function uses: us-east-1, before any free tier, in
/// <see cref="Currency"/>. They are used for the cost of a run and of a month. Section <c>Etl:Cost</c>.
/// </summary>
public sealed class CostOptions
{
    /// <summary>The currency of the prices. Default <c>USD</c>.</summary>
    [Required(ErrorMessage = "is empty; give the currency of the prices, such as USD.")]
    public string Currency { get; set; } = "USD";

    /// <summary>Month in which the prices were looked up. Default <c>2025-06</c>.</summary>
    public string PricesAsOf { get; set; } = "2025-06";

    /// <summary>
    /// Memory of the function in MB, which prices a local run too. Default 1024; the Lambda host uses its own.
    /// </summary>
    [Bounds(128, 10240, "MB")]
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>A GB of the function's memory for a second. Default 0.0000166667 (x86).</summary>
    [Bounds(0, 1000)]
    public decimal LambdaGigabyteSecond { get; set; } = 0.0000166667m;

    /// <summary>An invocation of the function. Default 0.0000002.</summary>
    [Bounds(0, 1000)]
    public decimal LambdaRequest { get; set; } = 0.0000002m;

    /// <summary>An invocation by the schedule. Default 0.000001.</summary>
    [Bounds(0, 1000)]
    public decimal ScheduleInvocation { get; set; } = 0.000001m;

    /// <summary>A message given to SNS. Default 0.0000005.</summary>
    [Bounds(0, 1000)]
    public decimal SnsPublish { get; set; } = 0.0000005m;

    /// <summary>A message that SNS delivers by mail. Default 0.00002.</summary>
    [Bounds(0, 1000)]
    public decimal SnsEmail { get; set; } = 0.00002m;

    /// <summary>Mail addresses that are subscribed to the topic. Default 1.</summary>
    [Bounds(0, 10000, "mail addresses")]
    public int SnsSubscribers { get; set; } = 1;

    /// <summary>A write to S3. Default 0.000005.</summary>
    [Bounds(0, 1000)]
    public decimal S3Write { get; set; } = 0.000005m;

    /// <summary>A read from S3. Default 0.0000004.</summary>
    [Bounds(0, 1000)]
    public decimal S3Read { get; set; } = 0.0000004m;

    /// <summary>A GB in S3 for a month. Default 0.023.</summary>
    [Bounds(0, 1000)]
    public decimal S3GigabyteMonth { get; set; } = 0.023m;

    /// <summary>A GB of images in ECR for a month. Default 0.10.</summary>
    [Bounds(0, 1000)]
    public decimal EcrGigabyteMonth { get; set; } = 0.10m;

    /// <summary>Size of the images that ECR keeps, in MB. Default 300.</summary>
    [Bounds(0, 1000000, "MB")]
    public int EcrMegabytes { get; set; } = 300;

    /// <summary>A GB of log taken in. Default 0.50.</summary>
    [Bounds(0, 1000)]
    public decimal LogGigabyte { get; set; } = 0.50m;

    /// <summary>Log lines of a run, in KB. Default 16.</summary>
    [Bounds(0, 1000000, "KB")]
    public int LogKilobytesPerRun { get; set; } = 16;

    /// <summary>A custom metric for a month; it is billed for the hours that have a run. Default 0.30.</summary>
    [Bounds(0, 1000)]
    public decimal MetricMonth { get; set; } = 0.30m;
}
