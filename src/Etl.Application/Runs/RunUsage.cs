using System.Diagnostics;
using System.Globalization;
using Etl.Application.Options;

namespace Etl.Application.Runs;

/// <summary>Time and memory of a run; of a run with several attempts the sum of the times and the largest memory.</summary>
/// <param name="Duration">Time from start to end of its invocations.</param>
/// <param name="PeakMemoryBytes">Peak memory of the process.</param>
public sealed record RunUsage(TimeSpan Duration, long PeakMemoryBytes)
{
    /// <summary>The usage of this process.</summary>
    public static RunUsage OfThisProcess(TimeSpan duration)
    {
        using var self = Process.GetCurrentProcess();
        return new RunUsage(duration, self.PeakWorkingSet64);
    }
}

/// <summary>The cost of a run as an invocation of the Lambda function.</summary>
/// <param name="Amount">The cost, before any free tier.</param>
/// <param name="Currency">The currency.</param>
/// <param name="BilledMs">The billed time: rounded up to whole milliseconds.</param>
/// <param name="MemoryMegabytes">The billed memory: what the function is configured with, used or not.</param>
public sealed record RunCost(decimal Amount, string Currency, long BilledMs, int MemoryMegabytes)
{
    /// <summary>The cost of a run of this duration.</summary>
    public static RunCost Of(TimeSpan duration, CostOptions prices)
    {
        var billed = (duration.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        var gigabyteSeconds = billed / 1000m * prices.MemoryMegabytes / 1024m;
        var amount = (gigabyteSeconds * prices.LambdaGigabyteSecond) + prices.LambdaRequest;
        return new RunCost(amount, prices.Currency, billed, prices.MemoryMegabytes);
    }

    /// <summary>The cost for people, such as <c>0.000031 USD on Lambda (1.8 s of 1,024 MB)</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Amount:0.000000} {Currency} on Lambda ({BilledMs / 1000m:0.0} s of {MemoryMegabytes:#,0} MB)"
        );
}
