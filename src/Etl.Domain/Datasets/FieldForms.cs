namespace Etl.Domain.Datasets;

/// <summary>
/// Forms of a value that lose no digit and differ from what <see cref="FieldRules"/> reads: <c>="1"</c>, <c>+5</c>,
/// <c>.50</c>, <c>11.5000</c> and <c>101.0</c>, as spreadsheets, SQL Server and pandas write them.
/// </summary>
public static class FieldForms
{
    /// <summary>Longest value that is simplified, bytes.</summary>
    public const int MaxBytes = 64;

    /// <summary>Above it, pandas has lost digits before it wrote <c>.0</c>.</summary>
    private const long MaxExactInDouble = 1L << 53;

    /// <summary>Writes a value in the form that the rules read.</summary>
    /// <param name="rule">The rule of the column.</param>
    /// <param name="reader">The reader of the column in a declared format, or null.</param>
    /// <param name="value">A value that the rule rejects.</param>
    /// <param name="simple">At least <see cref="MaxBytes"/> + 1 bytes.</param>
    /// <param name="length">Number of bytes that were written.</param>
    /// <returns>
    /// Whether the value has one of the forms. The rule decides on the result, the reader of dates on that of a date.
    /// </returns>
    public static bool TrySimplify(
        FieldRule rule,
        FieldReader? reader,
        ReadOnlySpan<byte> value,
        Span<byte> simple,
        out int length
    )
    {
        length = 0;
        if (value.Length > MaxBytes || rule.IsText())
        {
            return false;
        }

        scoped var content = value is [(byte)'=', (byte)'"', .. var inner, (byte)'"'] ? inner : value;
        Span<byte> plain = stackalloc byte[MaxBytes];
        if ((reader is BoundedReader bounded ? bounded.Inner : reader) is NumberReader number)
        {
            if (!number.TryWritePlain(content, plain, out var written))
            {
                return false;
            }

            content = plain[..written];
        }

        if (rule.IsSigned() && content is [(byte)'-', >= (byte)'0' and <= (byte)'9' or (byte)'.', ..])
        {
            simple[length++] = (byte)'-';
            content = content[1..];
        }

        if (rule != FieldRule.Date)
        {
            content = content is [(byte)'+', >= (byte)'0' and <= (byte)'9' or (byte)'.', ..] ? content[1..] : content;
            content = WithoutZeroDecimals(rule, content);
        }

        if (rule.IsMoney() && content is [(byte)'.', _, ..])
        {
            simple[length++] = (byte)'0';
        }

        content.CopyTo(simple[length..]);
        length += content.Length;
        return !value.SequenceEqual(simple[..length]);
    }

    private static ReadOnlySpan<byte> WithoutZeroDecimals(FieldRule rule, ReadOnlySpan<byte> number)
    {
        var point = number.IndexOf((byte)'.');
        if (point < 0 || point == number.Length - 1)
        {
            return number;
        }

        var kept = point + 1 + (rule.IsMoney() ? 2 : 0);
        if (kept >= number.Length || number[kept..].ContainsAnyExcept((byte)'0'))
        {
            return number;
        }

        return rule.IsMoney() ? number[..kept]
            : FieldRules.ReadId(number[..point], out var whole) == RejectCode.None && whole <= MaxExactInDouble
                ? number[..point]
            : number;
    }
}
