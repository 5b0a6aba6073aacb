using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Etl.Infrastructure.Staging;

/// <summary>
/// Writes PostgreSQL's binary COPY format by hand into one buffer: a count of fields for each row, and each field as
/// a length and big-endian bytes, in the form that the type's receive function reads.
/// </summary>
internal sealed class CopyBuffer(int size)
{
    private static readonly int EpochDay = new DateOnly(2000, 1, 1).DayNumber;

    private byte[] buffer = new byte[size];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    private static ReadOnlySpan<byte> Signature =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    public void Clear() => Length = 0;

    /// <summary>Once, before the first row: signature, flags, no extension.</summary>
    public void Begin()
    {
        Signature.CopyTo(Reserve(Signature.Length));
        Reserve(2 * sizeof(int)).Clear();
    }

    /// <summary>Once, after the last row.</summary>
    public void End() => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), -1);

    public void BeginRow(int fields) => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), (short)fields);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), -1);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(sizeof(long)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(sizeof(int)), value);

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Field(sizeof(short)), value);

    /// <param name="dayNumber">As <see cref="DateOnly.DayNumber"/> counts.</param>
    public void Date(int dayNumber) => Int32(dayNumber - EpochDay);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public void Text(string value) => Encoding.UTF8.GetBytes(value, Field(Encoding.UTF8.GetByteCount(value)));

    /// <summary>
    /// An amount as numeric with two decimals: digits to the base of 10,000, three at most before the point (12 decimal
    /// digits) and one after it, of which the hundredths are the upper half.
    /// </summary>
    public void Amount(long cents)
    {
        var units = cents / 100;
        var after = (short)(cents % 100 * 100);
        var (high, middle, low) = (
            (short)(units / 1_0000_0000),
            (short)(units / 1_0000 % 1_0000),
            (short)(units % 1_0000)
        );
        var before =
            high != 0 ? 3
            : middle != 0 ? 2
            : low != 0 ? 1
            : 0;
        var digits = before + (after != 0 ? 1 : 0);
        var to = Field(8 + (2 * digits));
        BinaryPrimitives.WriteInt16BigEndian(to, (short)digits);
        BinaryPrimitives.WriteInt16BigEndian(to[2..], (short)(before - 1));
        BinaryPrimitives.WriteInt16BigEndian(to[4..], 0);
        BinaryPrimitives.WriteInt16BigEndian(to[6..], 2);
        var at = 8;
        if (before >= 3)
        {
            BinaryPrimitives.WriteInt16BigEndian(to[at..], high);
            at += 2;
        }

        if (before >= 2)
        {
            BinaryPrimitives.WriteInt16BigEndian(to[at..], middle);
            at += 2;
        }

        if (before >= 1)
        {
            BinaryPrimitives.WriteInt16BigEndian(to[at..], low);
            at += 2;
        }

        if (after != 0)
        {
            BinaryPrimitives.WriteInt16BigEndian(to[at..], after);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Field(int length)
    {
        var to = Reserve(sizeof(int) + length);
        BinaryPrimitives.WriteInt32BigEndian(to, length);
        return to[sizeof(int)..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int length)
    {
        if (buffer.Length - Length < length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + length));
        }

        var to = buffer.AsSpan(Length, length);
        Length += length;
        return to;
    }
}
