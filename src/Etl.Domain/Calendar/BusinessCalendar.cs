namespace Etl.Domain.Calendar;

/// <summary>
/// Working days by three rules: weekend days, days that are free every year, and single free days. It is used for days
/// that no calendar file beside the sources covers.
/// </summary>
/// <param name="weekendDays">ISO days of the week, Monday is 1.</param>
/// <param name="fixedHolidays">Month and day, free every year.</param>
/// <param name="extraHolidays">Single free days.</param>
public sealed class BusinessCalendar(
    IReadOnlySet<int> weekendDays,
    IReadOnlySet<(int Month, int Day)> fixedHolidays,
    IReadOnlySet<DateOnly> extraHolidays
)
{
    /// <summary>The day, with its ISO day of the week and whether it is a working day.</summary>
    public CalendarDay this[DateOnly date]
    {
        get
        {
            var isoDay = date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek;
            var working =
                !weekendDays.Contains(isoDay)
                && !fixedHolidays.Contains((date.Month, date.Day))
                && !extraHolidays.Contains(date);
            return new CalendarDay(date, isoDay, working);
        }
    }

    /// <summary>Every day from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public IEnumerable<CalendarDay> Days(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            yield return this[day];
        }
    }
}

/// <summary>A day of the business calendar.</summary>
/// <param name="Date">The day.</param>
/// <param name="DayOfWeek">ISO day of the week, Monday is 1.</param>
/// <param name="Working">Whether it is a working day.</param>
public readonly record struct CalendarDay(DateOnly Date, int DayOfWeek, bool Working)
{
    /// <summary>Whether it is a free day from Monday to Friday.</summary>
    public bool IsPublicHoliday => DayOfWeek is >= 1 and <= 5 && !Working;
}
