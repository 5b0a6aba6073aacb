using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain.Calendar;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads the calendar's settings; a list that is not set means its documented default.</summary>
internal static class CalendarRules
{
    private static readonly int[] Weekend = [6, 7];
    private static readonly string[] Fixed = ["01-01", "12-25", "12-26"];

    /// <exception cref="EtlException">A setting is no day.</exception>
    public static BusinessCalendar Read(CalendarOptions options) =>
        new(
            (options.WeekendDays ?? Weekend).Select(ReadDayOfWeek).ToHashSet(),
            (options.FixedHolidays ?? Fixed).Select(ReadMonthDay).ToHashSet(),
            (options.ExtraHolidays ?? []).Select(ReadDay).ToHashSet()
        );

    private static int ReadDayOfWeek(int day) =>
        day is >= 1 and <= 7 ? day : throw Wrong("WeekendDays", $"{day}", "a day of the week, 1 (Monday) to 7");

    // A leap year makes 02-29 a day that can be set.
    private static (int Month, int Day) ReadMonthDay(string text) =>
        TryRead($"2000-{text}", out var day)
            ? (day.Month, day.Day)
            : throw Wrong("FixedHolidays", text, "a day written MM-dd");

    private static DateOnly ReadDay(string text) =>
        TryRead(text, out var day) ? day : throw Wrong("ExtraHolidays", text, "a day written yyyy-MM-dd");

    private static bool TryRead(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static EtlException Wrong(string setting, string value, string wanted) =>
        new(
            ErrorCode.Configuration,
            $"Etl:Calendar:{setting} holds {SafeText.Value(value)}, which is not {wanted}.",
            "Correct the setting and run again; nothing was published."
        );
}
