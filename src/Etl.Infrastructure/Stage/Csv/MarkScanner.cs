using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Finds the bytes that can end a field, 32 at a time: delimiter, quote, LF, CR. A plain record is then known by its marks
/// alone, and its fields are cut without looking at any other byte twice.
/// </summary>
internal sealed class MarkScanner(byte delimiter, byte quote)
{
    /// <summary>Small enough that bytes and marks stay in the first-level cache.</summary>
    public const int WindowBytes = 8 * 1024;

    private readonly int[] marks = new int[WindowBytes];

    public int Count { get; private set; }

    /// <summary>Whether a byte of the window is not ASCII.</summary>
    public bool HasHighBytes { get; private set; }

    public ReadOnlySpan<int> Marks => marks.AsSpan(0, Count);

    /// <summary>Scans at most <see cref="WindowBytes"/>; the marks are places in <paramref name="bytes"/>.</summary>
    /// <returns>Where the window ends.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Scan(ReadOnlySpan<byte> bytes, int from)
    {
        var to = Math.Min(bytes.Length, from + WindowBytes);
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var separator = Vector256.Create(delimiter);
        var quotes = Vector256.Create(quote);
        var lf = Vector256.Create(Dialect.Lf);
        var cr = Vector256.Create(Dialect.Cr);
        var high = 0u;
        var count = 0;
        var at = from;
        for (; at <= to - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var block = Vector256.LoadUnsafe(ref first, (nuint)at);
            var hits =
                Vector256.Equals(block, separator)
                | Vector256.Equals(block, quotes)
                | Vector256.Equals(block, lf)
                | Vector256.Equals(block, cr);
            high |= block.ExtractMostSignificantBits();
            for (var bits = hits.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                marks[count++] = at + BitOperations.TrailingZeroCount(bits);
            }
        }

        for (; at < to; at++)
        {
            var letter = bytes[at];
            high |= letter & 0x80u;
            if (letter == delimiter || letter == quote || Dialect.IsLineEnd(letter))
            {
                marks[count++] = at;
            }
        }

        Count = count;
        HasHighBytes = high != 0;
        return to;
    }
}
