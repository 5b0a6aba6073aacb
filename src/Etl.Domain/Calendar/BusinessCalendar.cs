namespace Etl.Domain.Calendar;

/// <summary>
/// Which days people work, computed from three rules: weekend days, days that are free every year, and single
/// days. It stands in where no calendar file lies beside the sources, and fills the days that such a file lacks.
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
    /// <summary>The day, with its ISO day of the week and whether people work.</summary>
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
