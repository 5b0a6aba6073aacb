using System.Globalization;
using FluentValidation;

namespace Etl.Application.Options;

/// <summary>
/// The business calendar for days that no <c>dim_dates.csv</c> beside the sources covers. Section <c>Etl:Calendar</c>.
/// </summary>
public sealed class CalendarOptions
{
    /// <summary>ISO days of the week that are free, Monday is 1. Default 6 and 7.</summary>
    [Bounds(1, 7)]
    public IList<int>? WeekendDays { get; set; }

    /// <summary>Days that are free every year, <c>MM-dd</c>. Default 01-01, 12-25 and 12-26.</summary>
    public IList<string>? FixedHolidays { get; set; }

    /// <summary>Single free days, <c>yyyy-MM-dd</c>. Default none.</summary>
    public IList<string>? ExtraHolidays { get; set; }
}

internal sealed class CalendarOptionsValidator : OptionsValidator<CalendarOptions>
{
    public CalendarOptionsValidator()
    {
        RuleForEach(o => o.FixedHolidays)
            .Must(text => IsDay($"2000-{text}"))
            .WithMessage((_, day) => $"holds {SafeText.Value(day)}; give days as MM-dd, such as 12-25.");
        RuleForEach(o => o.ExtraHolidays)
            .Must(IsDay)
            .WithMessage((_, day) => $"holds {SafeText.Value(day)}; give days as yyyy-MM-dd, such as 2025-06-30.");
    }

    private static bool IsDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out _);
}
