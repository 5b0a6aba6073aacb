using System.Globalization;
using Etl.Application.Options;

namespace Etl.Application.Runs;

/// <summary>What a run's work costs as an invocation of the function.</summary>
/// <param name="Amount">The cost, before any free tier.</param>
/// <param name="Currency">What it is in.</param>
/// <param name="BilledMs">The time that is billed: rounded up to whole milliseconds.</param>
/// <param name="MemoryMegabytes">The memory that is billed: what the function is given, used or not.</param>
public sealed record RunCost(decimal Amount, string Currency, long BilledMs, int MemoryMegabytes)
{
    /// <summary>The cost of so long a run.</summary>
    public static RunCost Of(TimeSpan duration, CostOptions prices)
    {
        var billed = (duration.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        var gigabyteSeconds = billed / 1000m * prices.MemoryMegabytes / 1024m;
        var amount = (gigabyteSeconds * prices.LambdaGigabyteSecond) + prices.LambdaRequest;
        return new RunCost(amount, prices.Currency, billed, prices.MemoryMegabytes);
    }

    /// <summary>As people read it, such as <c>0.000031 USD on Lambda (1.8 s of 1,024 MB)</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Amount:0.000000} {Currency} on Lambda ({BilledMs / 1000m:0.0} s of {MemoryMegabytes:#,0} MB)"
        );
}
