using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>The bytes of one record, as they are written to the file, and the ends of its fields.</summary>
internal sealed class RowBuffer
{
    private int[] ends = new int[16];
    private byte[] bytes = new byte[512];
    private int length;

    public int Fields { get; private set; }

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    public ReadOnlySpan<byte> Field(int index) => bytes.AsSpan(Start(index), ends[index] - Start(index));

    public void Clear() => (Fields, length) = (0, 0);

    public void PutNull() => Close(Open(0));

    public void Put(ReadOnlySpan<byte> value)
    {
        var at = Open(value.Length);
        value.CopyTo(bytes.AsSpan(at));
        Close(at + value.Length);
    }

    public void Put(long value)
    {
        var at = Open(20);
        Close(PutDigits(at, value));
    }

    /// <summary>With as few decimals as necessary: 680, 12.5 and 19.99.</summary>
    public void Put(Money value)
    {
        var at = PutDigits(Open(24), value.Cents / 100);
        var (tens, ones) = ((int)(value.Cents / 10 % 10), (int)(value.Cents % 10));
        if (tens != 0 || ones != 0)
        {
            bytes[at++] = (byte)'.';
            bytes[at++] = (byte)('0' + tens);
        }

        if (ones != 0)
        {
            bytes[at++] = (byte)('0' + ones);
        }

        Close(at);
    }

    /// <summary>Replaces the value of a field.</summary>
    public void Replace(int index, ReadOnlySpan<byte> value)
    {
        var rest = Bytes[ends[index]..].ToArray();
        var (start, grown) = (Start(index), value.Length - Field(index).Length);
        Reserve(length + Math.Max(grown, 0));
        value.CopyTo(bytes.AsSpan(start));
        rest.CopyTo(bytes.AsSpan(start + value.Length));
        length += grown;
        for (var i = index; i < Fields; i++)
        {
            ends[i] += grown;
        }
    }

    public void DropLast() => length = ends[--Fields - 1];

    private int Start(int index) => index == 0 ? 0 : ends[index - 1] + 1;

    private int Open(int maxLength)
    {
        Reserve(length + maxLength + 1);
        if (Fields > 0)
        {
            bytes[length++] = (byte)',';
        }

        return length;
    }

    private void Close(int end)
    {
        if (Fields == ends.Length)
        {
            Array.Resize(ref ends, Fields * 2);
        }

        ends[Fields++] = length = end;
    }

    private void Reserve(int needed)
    {
        if (needed > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(needed, bytes.Length * 2));
        }
    }

    private int PutDigits(int at, long value)
    {
        var digits = 1;
        for (var rest = value / 10; rest > 0; rest /= 10)
        {
            digits++;
        }

        for (var i = at + digits - 1; i >= at; i--)
        {
            bytes[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        return at + digits;
    }
}
