using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Etl.Infrastructure.Stage.Copy;

/// <summary>
/// Writes PostgreSQL's binary COPY format by hand into one buffer: a count of fields for each row, and each field as
/// a length and big-endian bytes, in the form that the type's receive function reads.
/// </summary>
internal sealed class CopyBuffer(int size)
{
    /// <summary>Number of digits, weight of the first, sign, decimals: two bytes each.</summary>
    private const int NumericHeader = 8;

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
        Signature.CopyTo(MemoryMarshal.CreateSpan(ref Take(Signature.Length), Signature.Length));
        Put(ref Take(sizeof(long)), 0L);
    }

    /// <summary>Once, after the last row.</summary>
    public void End() => Put(ref Take(sizeof(short)), (short)-1);

    public void BeginRow(int fields) => Put(ref Take(sizeof(short)), (short)fields);

    public void Null() => Put(ref Take(sizeof(int)), -1);

    public void Int64(long value)
    {
        ref var to = ref Take(sizeof(int) + sizeof(long));
        Put(ref to, sizeof(long));
        Put(ref Unsafe.Add(ref to, sizeof(int)), value);
    }

    public void Int32(int value) => Put(ref Take(sizeof(int) + sizeof(int)), ((long)sizeof(int) << 32) | (uint)value);

    public void Int16(short value)
    {
        ref var to = ref Take(sizeof(int) + sizeof(short));
        Put(ref to, sizeof(short));
        Put(ref Unsafe.Add(ref to, sizeof(int)), value);
    }

    /// <param name="dayNumber">As <see cref="DateOnly.DayNumber"/> counts.</param>
    public void Date(int dayNumber) => Int32(dayNumber - EpochDay);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public void Text(string value) => Encoding.UTF8.GetBytes(value, Field(Encoding.UTF8.GetByteCount(value)));

    /// <summary>
    /// An amount as numeric with two decimals: digits to the base of 10,000, three at most before the point (12 decimal
    /// digits), five for a sum, and one after it, of which the hundredths are the upper half.
    /// </summary>
    public void Amount(long amount)
    {
        // Number of digits, weight, sign, decimals: 0x4000 is the sign of a negative numeric.
        var sign = amount < 0 ? 0x4000_0000L : 0L;
        var cents = Math.Abs(amount);
        var units = cents / 100;
        var after = (short)((cents - (units * 100)) * 100);
        var before = units switch
        {
            0 => 0,
            < 1_0000 => 1,
            < 1_0000_0000 => 2,
            < 1_0000_0000_0000 => 3,
            < 1_0000_0000_0000_0000 => 4,
            _ => 5,
        };
        var digits = after == 0 ? before : before + 1;
        ref var to = ref Take(sizeof(int) + NumericHeader + (digits * sizeof(short)));
        Put(ref to, NumericHeader + (digits * sizeof(short)));
        Put(ref Unsafe.Add(ref to, 4), ((long)digits << 48) | ((long)(ushort)(before - 1) << 32) | sign | 2);
        var rest = units;
        for (var i = before - 1; i >= 0; i--)
        {
            var higher = rest / 1_0000;
            Put(ref Unsafe.Add(ref to, 12 + (i * 2)), (short)(rest - (higher * 1_0000)));
            rest = higher;
        }

        if (after != 0)
        {
            Put(ref Unsafe.Add(ref to, 12 + (before * 2)), after);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte to, short value) =>
        Unsafe.WriteUnaligned(ref to, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte to, int value) =>
        Unsafe.WriteUnaligned(ref to, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref byte to, long value) =>
        Unsafe.WriteUnaligned(ref to, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private Span<byte> Field(int length)
    {
        Put(ref Take(sizeof(int)), length);
        return MemoryMarshal.CreateSpan(ref Take(length), length);
    }

    /// <summary>Room for some bytes, all of which the caller writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Take(int length)
    {
        var at = Length;
        if (buffer.Length - at < length)
        {
            Grow(length);
        }

        Length = at + length;
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), at);
    }

    private void Grow(int length) => Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + length));
}
