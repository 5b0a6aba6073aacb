using System.Globalization;

namespace Etl.Domain.Runs;

/// <summary>The day that a run belongs to; it is also the <c>ingestion_date</c> of the run's rows.</summary>
/// <param name="Value">The day, in the configured time zone.</param>
public readonly record struct BusinessDate(DateOnly Value)
{
    /// <summary>The day of a point in time in a time zone.</summary>
    public static BusinessDate At(DateTimeOffset time, TimeZoneInfo zone) =>
        new(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime));

    /// <summary>Reads yyyy-MM-dd.</summary>
    public static bool TryParse(string? text, out BusinessDate date)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day);
        date = new BusinessDate(day);
        return read;
    }

    /// <summary>Reads yyyy-MM-dd.</summary>
    /// <exception cref="FormatException">The text is not such a day.</exception>
    public static BusinessDate Parse(string text) =>
        TryParse(text, out var date) ? date : throw new FormatException($"'{text}' is not a day written yyyy-MM-dd.");

    /// <summary>yyyy-MM-dd.</summary>
    public override string ToString() => Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
