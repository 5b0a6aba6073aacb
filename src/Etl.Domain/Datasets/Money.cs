using System.Globalization;

namespace Etl.Domain.Datasets;

/// <summary>An amount of numeric(14,2), up to 999,999,999,999.99, exact; below 0 where a setting allows it.</summary>
/// <param name="Cents">The amount in hundredths.</param>
public readonly record struct Money(long Cents)
{
    /// <summary>The largest amount that numeric(14,2) holds, in hundredths.</summary>
    public const long MaxCents = 99_999_999_999_999;

    /// <summary>The amount with a point and two decimals, in any culture.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Cents < 0 ? "-" : "")}{Math.Abs(Cents / 100)}.{Math.Abs(Cents % 100):00}"
        );
}
