namespace Etl.Domain.Datasets;

/// <summary>Days of a time zone. The zone's offset is looked up once for each day on which it does not change.</summary>
internal sealed class ZoneDays(TimeZoneInfo zone)
{
    private const int MinutesOfDay = 24 * 60;
    private const short Unknown = short.MinValue;
    private const short Changes = short.MaxValue;

    /// <summary>A day of the zone begins on the day before, or on the day itself, or ends on the next, in UTC.</summary>
    private static readonly int FirstDay = FieldRules.MinDate.DayNumber - 1;
    private static readonly int LastDay = FieldRules.MaxDate.DayNumber + 1;

    private short[] offsets = [];

    /// <summary>The day number of a point in time with an offset.</summary>
    public long DayOf(LocalTime time)
    {
        var utc = ((long)time.DayNumber * MinutesOfDay) + time.Minutes - time.Offset!.Value;
        return Math.DivRem(utc + OffsetAt(utc), MinutesOfDay).Quotient;
    }

    private int OffsetAt(long utcMinutes)
    {
        if (offsets.Length == 0)
        {
            offsets = new short[LastDay - FirstDay + 1];
            Array.Fill(offsets, Unknown);
        }

        var day = (utcMinutes / MinutesOfDay) - FirstDay;
        if (day < 0 || day >= offsets.Length)
        {
            return 0; // no day that a date may have
        }

        if (offsets[day] == Unknown)
        {
            var midnight = (day + FirstDay) * MinutesOfDay;
            var first = Exact(midnight);
            offsets[day] = first == Exact(midnight + MinutesOfDay - 1) ? (short)first : Changes;
        }

        return offsets[day] == Changes ? Exact(utcMinutes) : offsets[day];
    }

    private int Exact(long utcMinutes) =>
        (int)zone.GetUtcOffset(new DateTime(utcMinutes * TimeSpan.TicksPerMinute, DateTimeKind.Utc)).TotalMinutes;
}
