using System.Globalization;
using System.Text;

namespace Etl.Domain.Datasets;

/// <summary>A part of a date format: a specifier such as <c>dd</c>, or text that stands for itself.</summary>
/// <param name="Kind">What it reads.</param>
/// <param name="Min">The fewest digits or signs.</param>
/// <param name="Max">The most.</param>
internal readonly record struct DatePart(DatePartKind Kind, int Min = 0, int Max = 0)
{
    private static readonly string[] Months = DateTimeFormatInfo.InvariantInfo.MonthNames[..12];
    private static readonly string[] ShortMonths = DateTimeFormatInfo.InvariantInfo.AbbreviatedMonthNames[..12];
    private static readonly string[] DayNames = DateTimeFormatInfo.InvariantInfo.DayNames;
    private static readonly string[] ShortDayNames = DateTimeFormatInfo.InvariantInfo.AbbreviatedDayNames;
    private static readonly string[] Halves = ["AM", "PM"];
    private static readonly string[] ShortHalves = ["A", "P"];
    private static readonly string[] Zulus = ["Z", "UTC", "GMT"];

    /// <summary>The text that stands for itself, or the names in the order of their numbers.</summary>
    private byte[][] Texts { get; init; } = [];

    /// <summary>Splits a custom format into its parts.</summary>
    /// <exception cref="FormatException">A part is unknown.</exception>
    public static List<DatePart> Split(string pattern)
    {
        var parts = new List<DatePart>();
        for (var at = 0; at < pattern.Length; )
        {
            var letter = pattern[at];
            var count = 1;
            if (letter is '\'' or '"')
            {
                var end = pattern.IndexOf(letter, at + 1);
                count = end < 0 ? throw new FormatException("a quote is not closed") : end + 1 - at;
                AddText(parts, pattern[(at + 1)..end]);
            }
            else if (letter == '\\' && at + 1 < pattern.Length)
            {
                count = 2;
                AddText(parts, pattern[(at + 1)..(at + 2)]);
            }
            else if ("dMyhHmsfFtzKg".Contains(letter, StringComparison.Ordinal))
            {
                count = pattern.AsSpan(at).IndexOfAnyExcept(letter) is >= 0 and var run ? run : pattern.Length - at;
                AddSpecifier(parts, Of(letter, count));
            }
            else if (letter != '%')
            {
                AddText(parts, pattern[at..(at + 1)]);
            }

            at += count;
        }

        return [.. parts.Select((p, i) => p.IsZulu(parts.Take(i)) ? p with { Kind = DatePartKind.Zulu } : p)];
    }

    /// <summary>Reads the part at a place, and moves the place behind it.</summary>
    public bool TryRead(ReadOnlySpan<byte> field, ref int at, ref DateReading reading)
    {
        switch (Kind)
        {
            case DatePartKind.Text:
                return TryText(field, ref at, Texts[0]);
            case DatePartKind.Day:
                return TryDigits(field, ref at, out reading.Day);
            case DatePartKind.Month:
                return TryDigits(field, ref at, out reading.Month);
            case DatePartKind.MonthName:
                return TryName(field, ref at, out reading.Month) && ++reading.Month > 0;
            case DatePartKind.Year:
                var isYear = TryDigits(field, ref at, out reading.Year);
                reading.Year += Max < 4 ? 2000 : 0;
                return isYear;
            case DatePartKind.DayName:
                return TryName(field, ref at, out var name) && (reading.DayOfWeek = (DayOfWeek)name) >= 0;
            case DatePartKind.Hour:
                return TryDigits(field, ref at, out reading.Hour) && reading.Hour < 24;
            case DatePartKind.HalfDayHour:
                return TryDigits(field, ref at, out reading.Hour) && reading.Hour <= 12;
            case DatePartKind.Minute:
                return TryDigits(field, ref at, out reading.Minute) && reading.Minute < 60;
            case DatePartKind.Second:
                return TryDigits(field, ref at, out var second) && second < 60;
            case DatePartKind.Fraction:
                return TryDigits(field, ref at, out _);
            case DatePartKind.OptionalFraction:
                return !TryText(field, ref at, Texts[0]) || TryDigits(field, ref at, out _);
            case DatePartKind.HalfDay:
                return TryName(field, ref at, out var half) && (reading.HalfDay = half) >= 0;
            case DatePartKind.Zulu:
                reading.Offset = 0;
                return TryText(field, ref at, Texts[0]);
            default:
                return TryOffset(field, ref at, ref reading);
        }
    }

    private static DatePart Of(char letter, int count) =>
        (letter, count) switch
        {
            ('d', 1 or 2) => new DatePart(DatePartKind.Day, count, 2),
            ('d', _) => Named(DatePartKind.DayName, count == 3 ? ShortDayNames : DayNames),
            ('M', 1 or 2) => new DatePart(DatePartKind.Month, count, 2),
            ('M', _) => Named(DatePartKind.MonthName, count == 3 ? ShortMonths : Months),
            ('y', 2 or 4) => new DatePart(DatePartKind.Year, count, count),
            ('h', 1 or 2) => new DatePart(DatePartKind.HalfDayHour, count, 2),
            ('H', 1 or 2) => new DatePart(DatePartKind.Hour, count, 2),
            ('m', 1 or 2) => new DatePart(DatePartKind.Minute, count, 2),
            ('s', 1 or 2) => new DatePart(DatePartKind.Second, count, 2),
            ('f', <= 7) => new DatePart(DatePartKind.Fraction, count, count),
            ('F', <= 7) => new DatePart(DatePartKind.Fraction, 0, count),
            ('t', 1 or 2) => Named(DatePartKind.HalfDay, count == 1 ? ShortHalves : Halves),
            ('z', <= 3) => new DatePart(DatePartKind.Offset, count, count),
            ('K', 1) => new DatePart(DatePartKind.Offset, 0, 3),
            _ => throw new FormatException($"'{new string(letter, count)}' is not a part of a date that is read"),
        };

    private static DatePart Named(DatePartKind kind, string[] names) =>
        new(kind) { Texts = [.. names.Select(Encoding.UTF8.GetBytes)] };

    /// <summary>A point before decimals of a second that may be absent may be absent with them.</summary>
    private static void AddSpecifier(List<DatePart> parts, DatePart part)
    {
        if (part is { Kind: DatePartKind.Fraction, Min: 0 } && parts.Count > 0 && parts[^1].Texts is [[(byte)'.']])
        {
            parts[^1] = part with { Kind = DatePartKind.OptionalFraction, Texts = parts[^1].Texts };
            return;
        }

        parts.Add(part);
    }

    private static void AddText(List<DatePart> parts, string text)
    {
        if (parts.Count > 0 && parts[^1].Kind == DatePartKind.Text)
        {
            text = Encoding.UTF8.GetString(parts[^1].Texts[0]) + text;
            parts.RemoveAt(parts.Count - 1);
        }

        parts.Add(Named(DatePartKind.Text, [text]));
    }

    /// <summary>A <c>Z</c> behind the time is an offset: it must not lose its meaning because it is quoted.</summary>
    private bool IsZulu(IEnumerable<DatePart> before) =>
        Kind == DatePartKind.Text
        && Zulus.Contains(Encoding.UTF8.GetString(Texts[0]).Trim(), StringComparer.Ordinal)
        && before.Any(p => p.Kind == DatePartKind.Minute);

    private static bool TryText(ReadOnlySpan<byte> field, ref int at, byte[] text)
    {
        if (
            at + text.Length > field.Length
            || (text.Length == 1 ? field[at] != text[0] : !field[at..].StartsWith(text))
        )
        {
            return false;
        }

        at += text.Length;
        return true;
    }

    private bool TryDigits(ReadOnlySpan<byte> field, ref int at, out int number)
    {
        number = 0;
        var first = at;
        while (at < field.Length && at - first < Max && field[at] - (uint)'0' is <= 9 and var digit)
        {
            number = (number * 10) + (int)digit;
            at++;
        }

        return at - first >= Min;
    }

    private bool TryName(ReadOnlySpan<byte> field, ref int at, out int place)
    {
        var rest = field[at..];
        for (place = 0; place < Texts.Length; place++)
        {
            var name = Texts[place];
            if (rest.Length >= name.Length && Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                at += name.Length;
                return true;
            }
        }

        return false;
    }

    /// <summary>Hours with a sign, and for three letters minutes behind an optional colon. <c>K</c> is a Z, that, or nothing.</summary>
    private bool TryOffset(ReadOnlySpan<byte> field, ref int at, ref DateReading reading)
    {
        if (Min == 0 && (at == field.Length || field[at] is not ((byte)'+' or (byte)'-')))
        {
            if (at < field.Length && field[at] == 'Z')
            {
                reading.Offset = 0;
                at++;
            }

            return true;
        }

        if (at == field.Length || field[at] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        var sign = field[at++] == '-' ? -1 : 1;
        var two = new DatePart(default, Min == 1 ? 1 : 2, 2);
        var minutes = 0;
        if (!two.TryDigits(field, ref at, out var hours))
        {
            return false;
        }

        if (Max == 3)
        {
            at += at < field.Length && field[at] == ':' ? 1 : 0;
            if (!two.TryDigits(field, ref at, out minutes))
            {
                return false;
            }
        }

        reading.Offset = sign * ((hours * 60) + minutes);
        return hours <= 14 && minutes < 60;
    }
}

/// <summary>What a part of a date format reads.</summary>
internal enum DatePartKind
{
    Text,
    Day,
    Month,
    MonthName,
    Year,
    DayName,
    Hour,
    HalfDayHour,
    Minute,
    Second,
    Fraction,
    OptionalFraction,
    HalfDay,
    Offset,
    Zulu,
}

/// <summary>What the parts of a value have read so far.</summary>
internal ref struct DateReading
{
    public int Year;
    public int Month;
    public int Day;
    public int Hour;
    public int Minute;
    public int HalfDay = -1;
    public int? Offset;
    public DayOfWeek? DayOfWeek;

    public DateReading() { }

    /// <summary>False where there is no such day, or it is another day of the week.</summary>
    public readonly bool TryFinish(out LocalTime time)
    {
        time = default;
        if (!DayNumbers.TryFind(Year, Month, Day, out var day))
        {
            if (Year < 1 || Month is < 1 or > 12 || Day < 1 || Day > DateTime.DaysInMonth(Year, Month))
            {
                return false;
            }

            day = new DateOnly(Year, Month, Day).DayNumber;
        }

        var hour = HalfDay < 0 ? Hour : (Hour % 12) + (HalfDay * 12);
        time = new LocalTime(day, (hour * 60) + Minute, Offset);
        return DayOfWeek is null || DateOnly.FromDayNumber(day).DayOfWeek == DayOfWeek;
    }
}
