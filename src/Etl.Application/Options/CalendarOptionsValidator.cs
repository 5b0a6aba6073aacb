using System.Globalization;
using FluentValidation;

namespace Etl.Application.Options;

internal sealed class CalendarOptionsValidator : AbstractValidator<CalendarOptions>
{
    public CalendarOptionsValidator()
    {
        RuleForEach(o => o.WeekendDays)
            .InclusiveBetween(1, 7)
            .WithMessage("holds {PropertyValue}; give days of the week from 1, Monday, to 7, Sunday.");
        RuleForEach(o => o.FixedHolidays)
            .Must(text => IsDay($"2000-{text}"))
            .WithMessage((_, day) => $"holds {SafeText.Value(day)}; give days of any year written MM-dd, as 12-25.");
        RuleForEach(o => o.ExtraHolidays)
            .Must(IsDay)
            .WithMessage((_, day) => $"holds {SafeText.Value(day)}; give days written yyyy-MM-dd, as 2025-06-30.");
    }

    private static bool IsDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out _);
}
