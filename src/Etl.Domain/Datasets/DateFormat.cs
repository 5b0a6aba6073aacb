using System.Globalization;

namespace Etl.Domain.Datasets;

/// <summary>
/// A date format as .NET writes it, with invariant names, compiled into a loop over its parts. It reads what
/// <see cref="DateTime.ParseExact(string, string, IFormatProvider)"/> reads, except that <c>yy</c> is 2000 to 2099, and
/// without its cost for each value. A <c>Z</c> is an offset, within quotes too.
/// </summary>
public sealed class DateFormat
{
    private readonly string pattern;
    private readonly DatePart[] parts;

    private DateFormat(string text, string pattern, IEnumerable<DatePart> parts) =>
        (Text, this.pattern, this.parts) = (text, pattern, [.. parts]);

    /// <summary>The format as it was declared.</summary>
    public string Text { get; }

    /// <summary>Whether a value can have an offset.</summary>
    public bool HasOffset => parts.Any(p => p.Kind is DatePartKind.Offset or DatePartKind.Zulu);

    /// <summary>Compiles a format.</summary>
    /// <exception cref="FormatException">It has no day, month or year, or an unknown part.</exception>
    public static DateFormat Parse(string text)
    {
        var custom = text.Length == 1 ? PatternOf(text[0]) : text;
        var split = DatePart.Split(custom);
        foreach (
            var (kind, name) in new[]
            {
                (DatePartKind.Day, "day (d or dd)"),
                (DatePartKind.Month, "month (M, MM, MMM or MMMM)"),
                (DatePartKind.Year, "year (yy or yyyy)"),
            }
        )
        {
            if (
                split.Count(p => p.Kind == kind || (kind == DatePartKind.Month && p.Kind == DatePartKind.MonthName))
                != 1
            )
            {
                throw new FormatException($"it must have one {name}");
            }
        }

        return new DateFormat(text, custom, split);
    }

    /// <summary>Reads a value.</summary>
    /// <returns>False where the value does not fit the format, or is no day of the calendar.</returns>
    public bool TryRead(ReadOnlySpan<byte> field, out LocalTime time)
    {
        time = default;
        var reading = new DateReading();
        var at = 0;
        foreach (ref readonly var part in parts.AsSpan())
        {
            if (!part.TryRead(field, ref at, ref reading))
            {
                return false;
            }
        }

        return at == field.Length && reading.TryFinish(out time);
    }

    /// <summary>A text that two formats read as different days, or null.</summary>
    public static string? FindAmbiguity(DateFormat one, DateFormat other) =>
        one.FindText((text, _) => other.TryRead(text, out var read) ? read.DayNumber : null)
        ?? other.FindText((text, _) => one.TryRead(text, out var read) ? read.DayNumber : null);

    /// <summary>A day, written in this format, that it does not read as that day; null if it reads every day.</summary>
    public string? FindUnreadable()
    {
        var isShort = parts.Any(p => p.Kind == DatePartKind.Year && p.Max < 4);
        var days = Days().Where(d => !isShort || d.Year is >= 2000 and < 2100);
        return
            days.Select(Write).FirstOrDefault(w => !TryRead(w.Text, out var read) || read.DayNumber != w.DayNumber).Text
                is { } text
            ? System.Text.Encoding.UTF8.GetString(text)
            : null;
    }

    private delegate int? Reader(ReadOnlySpan<byte> text, int dayNumber);

    /// <summary>The first text of this format that another reader reads as a different day.</summary>
    private string? FindText(Reader read)
    {
        foreach (var (text, dayNumber) in Days().Select(Write))
        {
            if (
                TryRead(text, out var own)
                && IsInRange(own.DayNumber)
                && read(text, dayNumber) is { } day
                && IsInRange(day)
                && day != own.DayNumber
            )
            {
                return System.Text.Encoding.UTF8.GetString(text);
            }
        }

        return null;
    }

    /// <summary>Every day that a date may have, the present ones first: they are better examples.</summary>
    private static IEnumerable<DateOnly> Days()
    {
        var first = new DateOnly(2025, 1, 1);
        for (var day = first; day <= FieldRules.MaxDate; day = day.AddDays(1))
        {
            yield return day;
        }

        for (var day = FieldRules.MinDate; day < first; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    private (byte[] Text, int DayNumber) Write(DateOnly day)
    {
        Span<byte> text = stackalloc byte[256];
        var noon = new DateTimeOffset(day, new TimeOnly(12, 34, 56, 789), TimeSpan.Zero);
        return noon.TryFormat(text, out var length, pattern, CultureInfo.InvariantCulture)
            ? (text[..length].ToArray(), day.DayNumber)
            : throw new FormatException("it is too long");
    }

    private static bool IsInRange(int dayNumber) =>
        dayNumber >= FieldRules.MinDate.DayNumber && dayNumber <= FieldRules.MaxDate.DayNumber;

    /// <summary>What a standard format of one letter, such as <c>s</c>, stands for.</summary>
    private static string PatternOf(char letter)
    {
        try
        {
            return DateTimeFormatInfo.InvariantInfo.GetAllDateTimePatterns(letter)[0];
        }
        catch (ArgumentException exception)
        {
            throw new FormatException("it is not a format of .NET", exception);
        }
    }
}
