using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Etl.Domain.Datasets;

/// <summary>
/// The rules of one field, read from its UTF-8 bytes. The caller removes blanks around the value and recognizes NULL; a
/// rule gets a value and returns <see cref="RejectCode.None"/> or the reason to reject it.
/// </summary>
public static class FieldRules
{
    /// <summary>First day that a date may have.</summary>
    public static readonly DateOnly MinDate = new(1900, 1, 1);

    /// <summary>Last day that a date may have.</summary>
    public static readonly DateOnly MaxDate = new(2199, 12, 31);

    /// <summary>Most bytes of a text.</summary>
    public const int MaxTextBytes = 1000;

    /// <summary>Most bytes of an id that is text.</summary>
    public const int MaxIdBytes = 200;

    /// <summary>Reads a field by a rule.</summary>
    /// <param name="rule">The rule of the column's type.</param>
    /// <param name="field">The value, without blanks around it.</param>
    /// <param name="value">The value of the row; of a text its length, as only the caller knows its position.</param>
    /// <param name="reader">What reads the field if the rule is <see cref="FieldRule.Declared"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RejectCode Read(FieldRule rule, ReadOnlySpan<byte> field, out long value, FieldReader? reader = null)
    {
        RejectCode code;
        switch (rule)
        {
            case FieldRule.Id:
                return ReadId(field, out value);
            case FieldRule.Date:
                code = ReadDate(field, out var day);
                value = day;
                return code;
            case FieldRule.Money:
                code = ReadMoney(field, out var amount);
                value = amount.Cents;
                return code;
            case FieldRule.Quantity:
                code = ReadQuantity(field, out var quantity);
                value = quantity;
                return code;
            case FieldRule.SignedMoney:
                code = ReadMoney(field, out var signed, mayBeNegative: true);
                value = signed.Cents;
                return code;
            case FieldRule.SignedQuantity:
                return ReadSignedQuantity(field, out value);
            case FieldRule.Stars:
                code = ReadStars(field, out var stars);
                value = stars;
                return code;
            case FieldRule.Text:
                value = field.Length;
                return ReadText(field, MaxTextBytes);
            case FieldRule.TextId:
                value = field.Length;
                return ReadText(field, MaxIdBytes);
            case FieldRule.Declared:
                return reader!.Read(field, out value);
            default:
                throw new ArgumentOutOfRangeException(nameof(rule));
        }
    }

    /// <summary>Checks a text: 1 to <paramref name="maxBytes"/> bytes of UTF-8 without NUL.</summary>
    public static RejectCode ReadText(ReadOnlySpan<byte> field, int maxBytes) =>
        field.IsEmpty || field.Length > maxBytes ? RejectCode.OutOfRange
        : IsAsciiWithoutNul(field) ? RejectCode.None
        : field.Contains((byte)0) ? RejectCode.OutOfRange
        : Utf8.IsValid(field) ? RejectCode.None
        : RejectCode.BadUtf8;

    /// <summary>Texts are short: eight bytes at a time cost less than two vectorized searches.</summary>
    private static bool IsAsciiWithoutNul(ReadOnlySpan<byte> field)
    {
        const ulong Ones = 0x0101_0101_0101_0101;
        const ulong Highs = 0x8080_8080_8080_8080;
        while (field.Length >= sizeof(ulong))
        {
            var eight = BitConverter.ToUInt64(field);
            if (((eight | (eight - Ones)) & Highs) != 0)
            {
                return false;
            }

            field = field[sizeof(ulong)..];
        }

        foreach (var letter in field)
        {
            if (letter is 0 or > 0x7F)
            {
                return false;
            }
        }

        return true;
    }

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

    /// <summary>Reads an int above or below 0.</summary>
    public static RejectCode ReadSignedQuantity(ReadOnlySpan<byte> field, out long value)
    {
        var negative = field.Length > 1 && field[0] == '-' && field[1] != '-';
        var code = ReadPositive(negative ? field[1..] : field, int.MaxValue, out value);
        value = negative ? -value : value;
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

    /// <summary>Reads an amount: digits, and after a point one or two more; by setting a minus before them.</summary>
    public static RejectCode ReadMoney(ReadOnlySpan<byte> field, out Money value, bool mayBeNegative = false)
    {
        value = default;
        var negative = field.Length > 1 && field[0] == '-';
        var digits = negative ? field[1..] : field;
        long units = 0;
        var at = 0;
        for (; at < digits.Length && digits[at] != '.'; at++)
        {
            var digit = digits[at] - (uint)'0';
            if (digit > 9)
            {
                return RejectCode.NotANumber;
            }

            // Beyond the largest amount the exact value no longer matters, only that it is beyond.
            units = units > Money.MaxCents ? units : (units * 10) + digit;
        }

        if (at == 0)
        {
            return RejectCode.NotANumber;
        }

        var hundredths = 0L;
        if (at < digits.Length)
        {
            var code = ReadDecimals(digits[(at + 1)..], out hundredths);
            if (code != RejectCode.None)
            {
                return code;
            }
        }

        if (units > Money.MaxCents / 100 || (negative && !mayBeNegative && (units | hundredths) != 0))
        {
            return RejectCode.OutOfRange;
        }

        var cents = (units * 100) + hundredths;
        value = new Money(negative ? -cents : cents);
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
        if (DayNumbers.TryFind(year, month, day, out dayNumber))
        {
            return RejectCode.None;
        }

        var isDay = year > 0 && month is > 0 and <= 12 && day > 0 && day <= DateTime.DaysInMonth(year, month);
        return isDay ? RejectCode.OutOfRange : RejectCode.BadDate;
    }

    private static RejectCode ReadDecimals(ReadOnlySpan<byte> decimals, out long hundredths)
    {
        hundredths = 0;
        if (decimals.Length is 1 or 2)
        {
            var tenths = decimals[0] - (uint)'0';
            var rest = decimals.Length == 1 ? 0 : decimals[1] - (uint)'0';
            hundredths = (tenths * 10) + rest;
            return tenths <= 9 && rest <= 9 ? RejectCode.None : RejectCode.NotANumber;
        }

        return AreDigits(decimals) ? RejectCode.TooManyDecimals : RejectCode.NotANumber;
    }

    /// <summary>Up to 18 digits can neither overflow nor need a second look; anything else goes the exact way.</summary>
    private static RejectCode ReadPositive(ReadOnlySpan<byte> field, long max, out long value)
    {
        value = 0;
        if (field.Length > 18)
        {
            return ReadExactly(field, max, out value);
        }

        long number = 0;
        foreach (var letter in field)
        {
            var digit = letter - (uint)'0';
            if (digit > 9)
            {
                return ReadExactly(field, max, out value);
            }

            number = (number * 10) + digit;
        }

        if (number == 0 || number > max)
        {
            return field.IsEmpty ? RejectCode.NotANumber : RejectCode.OutOfRange;
        }

        value = number;
        return RejectCode.None;
    }

    private static RejectCode ReadExactly(ReadOnlySpan<byte> field, long max, out long value)
    {
        value = 0;
        var negative = field.Length > 1 && field[0] == '-';
        var digits = negative ? field[1..] : field;
        if (!AreDigits(digits))
        {
            return RejectCode.NotANumber;
        }

        if (negative || !TryReadDigits(digits.TrimStart((byte)'0'), max, out value) || value == 0)
        {
            value = 0;
            return RejectCode.OutOfRange;
        }

        return RejectCode.None;
    }

    private static bool AreDigits(ReadOnlySpan<byte> field) =>
        !field.IsEmpty && field.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Digits already proven, without zeros before them; false above <paramref name="max"/>.</summary>
    private static bool TryReadDigits(ReadOnlySpan<byte> digits, long max, out long value)
    {
        value = 0;
        if (digits.Length > 19)
        {
            return false;
        }

        // 19 digits fit into 64 bits without a sign.
        ulong number = 0;
        foreach (var digit in digits)
        {
            number = (number * 10) + (uint)(digit - '0');
        }

        if (number > (ulong)max)
        {
            return false;
        }

        value = (long)number;
        return true;
    }
}
