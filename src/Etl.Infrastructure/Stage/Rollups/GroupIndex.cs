using System.Numerics;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Rollups;

/// <summary>
/// Numbers the distinct keys of rows in the order in which they appear, within a memory budget: an open-addressed table of
/// numbers, beside the hash and the bytes of each key. Keys are equal where all bytes are.
/// </summary>
/// <param name="budgetBytes">Most memory.</param>
/// <param name="bytesBeside">Memory that the caller keeps for each key.</param>
internal sealed class GroupIndex(long budgetBytes, int bytesBeside)
{
    /// <summary>Bytes of a key besides its own: hash, end, and at least two slots, twice while the arrays grow.</summary>
    private const int Overhead = 2 * (sizeof(ulong) + sizeof(int) + (2 * sizeof(int)));

    /// <summary>A number plus 1; 0 is free. At most half of the slots are used.</summary>
    private int[] slots = new int[256];
    private ulong[] hashes = new ulong[64];
    private int[] ends = new int[64];
    private byte[] keys = new byte[512];
    private long used;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var start = number == 0 ? 0 : ends[number - 1];
            return keys.AsSpan(start, ends[number] - start);
        }
    }

    /// <summary>The number of a key, which is <see cref="Count"/> before the call for a new one; -1 beyond the budget.</summary>
    public int NumberOf(ReadOnlySpan<byte> key)
    {
        var hash = KeySet.HashOf(key);
        var mask = slots.Length - 1;
        var slot = (int)(hash >> 32) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var number = slots[slot] - 1;
            if (hashes[number] == hash && this[number].SequenceEqual(key))
            {
                return number;
            }
        }

        return Add(key, hash, slot);
    }

    private int Add(ReadOnlySpan<byte> key, ulong hash, int slot)
    {
        used += Overhead + bytesBeside + (2 * key.Length);
        if (used > budgetBytes)
        {
            return -1;
        }

        var start = Count == 0 ? 0 : ends[Count - 1];
        Grow(ref hashes, Count + 1);
        Grow(ref ends, Count + 1);
        Grow(ref keys, start + key.Length);
        key.CopyTo(keys.AsSpan(start));
        (hashes[Count], ends[Count]) = (hash, start + key.Length);
        slots[slot] = ++Count;
        if (Count * 2 > slots.Length)
        {
            Rehash();
        }

        return Count - 1;
    }

    private void Rehash()
    {
        slots = new int[slots.Length * 2];
        for (var number = 0; number < Count; number++)
        {
            var slot = (int)(hashes[number] >> 32) & (slots.Length - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            slots[slot] = number + 1;
        }
    }

    /// <summary>Makes room for a number of elements.</summary>
    public static void Grow<T>(ref T[] array, int length)
    {
        if (length > array.Length)
        {
            Array.Resize(ref array, (int)BitOperations.RoundUpToPowerOf2((uint)length));
        }
    }
}
