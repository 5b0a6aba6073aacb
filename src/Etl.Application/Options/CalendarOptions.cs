namespace Etl.Application.Options;

/// <summary>
/// The business calendar where no <c>dim_dates.csv</c> lies beside the sources, and for the days that it lacks.
/// Section <c>Etl:Calendar</c>.
/// </summary>
public sealed class CalendarOptions
{
    /// <summary>ISO days of the week that are free, Monday is 1. Default 6 and 7.</summary>
    public IList<int>? WeekendDays { get; set; }

    /// <summary>Free days of every year, <c>MM-dd</c>. Default 01-01, 12-25 and 12-26.</summary>
    public IList<string>? FixedHolidays { get; set; }

    /// <summary>Single free days, <c>yyyy-MM-dd</c>. Default none.</summary>
    public IList<string>? ExtraHolidays { get; set; }
}
