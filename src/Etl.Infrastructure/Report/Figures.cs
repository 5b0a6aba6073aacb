using System.Globalization;

namespace Etl.Infrastructure.Report;

/// <summary>Formats numbers, dates and durations the same way in every part of the page.</summary>
internal static class Figures
{
    private const decimal Thousand = 1000;

    /// <summary>A figure that a run without the dataset does not have.</summary>
    private const string None = "–";

    public static string Count(decimal? number) => number?.ToString("#,0", CultureInfo.InvariantCulture) ?? None;

    public static string Money(decimal amount) => amount.ToString("#,0.00", CultureInfo.InvariantCulture);

    /// <summary>A number for narrow columns: 950, 12.3 k, 4.56 M.</summary>
    public static string Short(decimal number)
    {
        var (scaled, unit) = Math.Abs(number) switch
        {
            >= Thousand * Thousand * Thousand => (number / (Thousand * Thousand * Thousand), " bn"),
            >= Thousand * Thousand => (number / (Thousand * Thousand), " M"),
            >= 10 * Thousand => (number / Thousand, " k"),
            _ => (number, ""),
        };
        return unit.Length == 0 ? Count(number) : scaled.ToString("0.##", CultureInfo.InvariantCulture) + unit;
    }

    public static string Percent(decimal? share) =>
        share is null ? None : share.Value.ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>A share of a whole in percent; 0 if the whole is 0.</summary>
    public static decimal Share(decimal part, decimal whole) => whole == 0 ? 0 : 100 * part / whole;

    public static string Stars(decimal? stars) => stars?.ToString("0.00", CultureInfo.InvariantCulture) ?? None;

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Month(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string MonthName(DateOnly day) => day.ToString("MMM", CultureInfo.InvariantCulture);

    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    public static string Duration(TimeSpan time) =>
        time.TotalSeconds switch
        {
            < 60 => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
        };

    /// <summary>The last part of a location.</summary>
    public static string FileName(string uri) => uri[(uri.LastIndexOf('/') + 1)..];
}
