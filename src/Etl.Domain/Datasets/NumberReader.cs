using System.Text;

namespace Etl.Domain.Datasets;

/// <summary>
/// Reads numbers with a declared decimal or thousands separator: writes them as the standard rule reads them. Grouped digits
/// have groups of exactly three, the first one to three; any other grouping is no number.
/// </summary>
public sealed class NumberReader : FieldReader
{
    /// <summary>The longest number with a separator, bytes.</summary>
    private const int MaxBytes = FieldForms.MaxBytes;

    private readonly FieldRule rule;
    private readonly byte point;
    private readonly byte[] separator;

    private NumberReader(FieldRule rule, char point, string? separator) =>
        (this.rule, this.point, this.separator) = (rule, (byte)point, Encoding.UTF8.GetBytes(separator ?? ""));

    /// <inheritdoc/>
    public override string? Written =>
        rule.IsMoney()
            ? $"written 1{Encoding.UTF8.GetString(separator)}234{(char)point}50"
            : $"written 1{Encoding.UTF8.GetString(separator)}234";

    /// <summary>The reader of a rule in a format; null where the format has the standard separators.</summary>
    public static NumberReader? Of(FieldRule rule, FileFormat format) =>
        format is { DecimalSeparator: '.', ThousandsSeparator: null }
            ? null
            : new NumberReader(rule, format.DecimalSeparator, format.ThousandsSeparator);

    /// <inheritdoc/>
    public override RejectCode Read(ReadOnlySpan<byte> field, out long value)
    {
        if (field.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            return FieldRules.Read(rule, field, out value);
        }

        Span<byte> plain = stackalloc byte[MaxBytes];
        if (TryWritePlain(field, plain, out var length))
        {
            return FieldRules.Read(rule, plain[..length], out value);
        }

        value = 0;
        return RejectCode.NotANumber;
    }

    /// <summary>Writes a number with a point before its decimals and without groups; the rule decides on the result.</summary>
    /// <param name="field">The number.</param>
    /// <param name="plain">At least as long as the number.</param>
    /// <param name="length">Number of bytes that were written.</param>
    /// <returns>False where the separators do not stand as in a number.</returns>
    public bool TryWritePlain(ReadOnlySpan<byte> field, Span<byte> plain, out int length)
    {
        length = 0;
        if (field.Length > plain.Length)
        {
            return false;
        }

        var end = field.IndexOf(point);
        var whole = end < 0 ? field : field[..end];
        if (!whole.IsEmpty && whole[0] is (byte)'-' or (byte)'+')
        {
            plain[length++] = whole[0];
            whole = whole[1..];
        }

        if (!TryWriteWhole(whole, plain, ref length))
        {
            return false;
        }

        if (end >= 0)
        {
            plain[length++] = (byte)'.';
            var decimals = field[(end + 1)..];
            decimals.CopyTo(plain[length..]);
            length += decimals.Length;
            return decimals.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
        }

        return true;
    }

    private bool TryWriteWhole(ReadOnlySpan<byte> whole, Span<byte> plain, ref int length)
    {
        var next = separator.Length == 0 ? -1 : whole.IndexOf(separator);
        if (next is 0 or > 3)
        {
            return false;
        }

        while (true)
        {
            var group = next < 0 ? whole : whole[..next];
            foreach (var digit in group)
            {
                if (digit - (uint)'0' > 9)
                {
                    return false;
                }

                plain[length++] = digit;
            }

            if (next < 0)
            {
                return true;
            }

            whole = whole[(next + separator.Length)..];
            next = whole.IndexOf(separator);
            if ((next < 0 ? whole.Length : next) != 3)
            {
                return false;
            }
        }
    }
}
