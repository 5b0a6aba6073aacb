namespace Etl.Domain.Calendar;

/// <summary>A day of the business calendar.</summary>
/// <param name="Date">The day.</param>
/// <param name="DayOfWeek">ISO day of the week, Monday is 1.</param>
/// <param name="Working">Whether people work.</param>
public readonly record struct CalendarDay(DateOnly Date, int DayOfWeek, bool Working)
{
    /// <summary>A free day from Monday to Friday; a free Sunday is a Sunday.</summary>
    public bool IsPublicHoliday => DayOfWeek is >= 1 and <= 5 && !Working;
}
