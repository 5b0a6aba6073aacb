using Etl.Domain.Quality;

namespace Etl.Domain.Rows;

/// <summary>
/// The rules of one field, read straight from its UTF-8 bytes. Blanks around the value have been taken off and NULL
/// has been recognised by the caller; a rule sees a value, and says <see cref="RejectCode.None"/> or what is wrong.
/// </summary>
public static class FieldRules
{
    /// <summary>First day that a date may have.</summary>
    public static readonly DateOnly MinDate = new(1900, 1, 1);

    /// <summary>Last day that a date may have.</summary>
    public static readonly DateOnly MaxDate = new(2199, 12, 31);

    /// <summary>Reads a bigint above 0.</summary>
    public static RejectCode ReadId(ReadOnlySpan<byte> field, out long value) =>
        ReadPositive(field, long.MaxValue, out value);

    /// <summary>Reads an int above 0.</summary>
    public static RejectCode ReadQuantity(ReadOnlySpan<byte> field, out int value)
    {
        var code = ReadPositive(field, int.MaxValue, out var wide);
        value = (int)wide;
        return code;
    }

    /// <summary>Reads a review's points, 1 to 5.</summary>
    public static RejectCode ReadStars(ReadOnlySpan<byte> field, out short value)
    {
        if (field.Length == 1 && field[0] is >= (byte)'1' and <= (byte)'5')
        {
            value = (short)(field[0] - '0');
            return RejectCode.None;
        }

        var code = ReadPositive(field, 5, out var wide);
        value = (short)wide;
        return code;
    }

    /// <summary>Reads an amount: digits, and after a point one or two more.</summary>
    public static RejectCode ReadMoney(ReadOnlySpan<byte> field, out Money value)
    {
        value = default;
        var negative = field.Length > 1 && field[0] == '-';
        var digits = negative ? field[1..] : field;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var decimals = point < 0 ? [] : digits[(point + 1)..];
        if (!AreDigits(whole) || (point >= 0 && !AreDigits(decimals)))
        {
            return RejectCode.NotANumber;
        }

        if (decimals.Length > 2)
        {
            return RejectCode.TooManyDecimals;
        }

        if (!TryReadDigits(whole, Money.MaxCents / 100, out var units))
        {
            return RejectCode.OutOfRange;
        }

        var hundredths = decimals.Length switch
        {
            0 => 0,
            1 => (decimals[0] - '0') * 10,
            _ => ((decimals[0] - '0') * 10) + (decimals[1] - '0'),
        };
        var cents = (units * 100) + hundredths;
        if (negative && cents != 0)
        {
            return RejectCode.OutOfRange;
        }

        value = new Money(cents);
        return RejectCode.None;
    }

    /// <summary>Reads yyyy-MM-dd as days since 0001-01-01, as <see cref="DateOnly.DayNumber"/> counts them.</summary>
    public static RejectCode ReadDate(ReadOnlySpan<byte> field, out int dayNumber)
    {
        dayNumber = 0;
        if (field.Length != 10 || field[4] != '-' || field[7] != '-')
        {
            return RejectCode.BadDate;
        }

        uint y0 = field[0] - (uint)'0',
            y1 = field[1] - (uint)'0',
            y2 = field[2] - (uint)'0',
            y3 = field[3] - (uint)'0';
        uint m0 = field[5] - (uint)'0',
            m1 = field[6] - (uint)'0',
            d0 = field[8] - (uint)'0',
            d1 = field[9] - (uint)'0';
        if (y0 > 9 || y1 > 9 || y2 > 9 || y3 > 9 || m0 > 9 || m1 > 9 || d0 > 9 || d1 > 9)
        {
            return RejectCode.BadDate;
        }

        var year = (int)((y0 * 1000) + (y1 * 100) + (y2 * 10) + y3);
        var month = (int)((m0 * 10) + m1);
        var day = (int)((d0 * 10) + d1);
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return RejectCode.BadDate;
        }

        if (year < MinDate.Year || year > MaxDate.Year)
        {
            return RejectCode.OutOfRange;
        }

        dayNumber = DayNumbers.Of(year, month, day);
        return RejectCode.None;
    }

    private static RejectCode ReadPositive(ReadOnlySpan<byte> field, long max, out long value)
    {
        value = 0;
        var negative = field.Length > 1 && field[0] == '-';
        var digits = negative ? field[1..] : field;
        if (!AreDigits(digits))
        {
            return RejectCode.NotANumber;
        }

        if (negative || !TryReadDigits(digits, max, out value) || value == 0)
        {
            value = 0;
            return RejectCode.OutOfRange;
        }

        return RejectCode.None;
    }

    private static bool AreDigits(ReadOnlySpan<byte> field) =>
        !field.IsEmpty && field.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Digits already proven; false above <paramref name="max"/>.</summary>
    private static bool TryReadDigits(ReadOnlySpan<byte> digits, long max, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (value > (long.MaxValue - 9) / 10)
            {
                // Only a value of 19 digits comes here: the checked step decides it to the last digit.
                if ((UInt128)value * 10 + (uint)(digit - '0') > (UInt128)max)
                {
                    return false;
                }
            }

            value = (value * 10) + (digit - '0');
        }

        return value <= max;
    }
}
