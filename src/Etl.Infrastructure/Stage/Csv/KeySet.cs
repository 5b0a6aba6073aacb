using System.Numerics;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Whether a key occurred before.</summary>
internal enum KeyAnswer
{
    /// <summary>It did not; from now on it is known.</summary>
    New,

    /// <summary>It did.</summary>
    Seen,

    /// <summary>It is not among the known keys, and there is no room to remember it.</summary>
    Unknown,
}

/// <summary>
/// Keys of any kind, as <see cref="RowKey"/> encodes them, within a memory budget: an open-addressed table of hashes and
/// positions in one byte array that holds the full keys. A hash only finds candidates; a key counts as seen where all bytes
/// are equal. The hash is in the table, so that a key that is not there costs no look at other keys.
/// </summary>
/// <param name="budgetBytes">Most memory.</param>
/// <param name="expected">About how many keys there will be: a table of the right size is not moved.</param>
internal sealed class KeySet(long budgetBytes, long expected = 0)
{
    private const int Prefix = sizeof(int); // length
    private const int MinSlots = 256;
    private const ulong UpperHalf = 0xFFFF_FFFF_0000_0000;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Other ones in each process, so that nobody can write keys with one hash.</summary>
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>Half of the hash, and in the lower half the position of an entry plus 1; 0 is free.</summary>
    private ulong[] slots = SlotsFor(expected, budgetBytes);
    private byte[] entries = [];
    private int used;
    private int count;

    /// <summary>Memory of a key besides its bytes, about: its prefix, and slots that are at least three eighths full.</summary>
    public const int Overhead = Prefix + (sizeof(ulong) * 8 / 3) + 1;

    /// <summary>Whether some key got the answer <see cref="KeyAnswer.Unknown"/>.</summary>
    public bool IsOverflown { get; private set; }

    /// <summary>Keys, as they were added.</summary>
    public int Count => count;

    /// <summary>The keys, in the order in which they were added.</summary>
    public IEnumerable<byte[]> Keys
    {
        get
        {
            for (var at = 0; at < used; )
            {
                var length = BitConverter.ToInt32(entries, at);
                yield return entries.AsSpan(at + Prefix, length).ToArray();
                at += Prefix + length;
            }
        }
    }

    /// <summary>Any bits that equal keys share within a process.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ ((ulong)key.Length * Multiplier);
        while (key.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BitConverter.ToUInt64(key));
            key = key[sizeof(ulong)..];
        }

        if (key.Length >= sizeof(uint))
        {
            hash = Mix(hash ^ BitConverter.ToUInt32(key) ^ ((ulong)BitConverter.ToUInt32(key[^sizeof(uint)..]) << 32));
        }
        else if (!key.IsEmpty)
        {
            hash = Mix(hash ^ key[0] ^ ((ulong)key[key.Length / 2] << 8) ^ ((ulong)key[^1] << 16));
        }

        return Mix(hash);
    }

    public bool Contains(ReadOnlySpan<byte> key) => slots.Length > 0 && slots[Find(key, HashOf(key))] != 0;

    public KeyAnswer Add(ReadOnlySpan<byte> key) => Add(key, HashOf(key));

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="HashOf"/>.</param>
    public KeyAnswer Add(ReadOnlySpan<byte> key, ulong hash)
    {
        var slot = slots.Length > 0 ? Find(key, hash) : 0;
        if (slots.Length > 0 && slots[slot] != 0)
        {
            return KeyAnswer.Seen;
        }

        var places = slots.Length;
        if (IsOverflown || !MakeRoom(key.Length))
        {
            IsOverflown = true;
            return KeyAnswer.Unknown;
        }

        slot = slots.Length == places ? slot : Find(key, hash);
        slots[slot] = (hash & UpperHalf) | (uint)(used + 1);
        BitConverter.TryWriteBytes(entries.AsSpan(used), key.Length);
        key.CopyTo(entries.AsSpan(used + Prefix));
        used += Prefix + key.Length;
        count++;
        return KeyAnswer.New;
    }

    private static ulong[] SlotsFor(long keys, long budgetBytes)
    {
        // At most half of the memory: rounding up doubles a number at most.
        var needed = Math.Min(keys * 4 / 3, budgetBytes / 4 / sizeof(ulong));
        return needed < MinSlots ? [] : new ulong[BitOperations.RoundUpToPowerOf2((ulong)needed)];
    }

    /// <summary>Different values stay different.</summary>
    private static ulong Mix(ulong value)
    {
        var product = value * Multiplier;
        return product ^ (product >> 32);
    }

    /// <summary>The slot of the key, or the free one where it belongs. At least a quarter of the slots is free.</summary>
    private int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)(hash >> 32) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (((slots[slot] ^ hash) & UpperHalf) == 0 && IsAt((int)(uint)slots[slot] - 1, key))
            {
                break;
            }
        }

        return slot;
    }

    private bool IsAt(int position, ReadOnlySpan<byte> key)
    {
        var entry = entries.AsSpan(position);
        return BitConverter.ToInt32(entry) == key.Length && entry.Slice(Prefix, key.Length).SequenceEqual(key);
    }

    private bool MakeRoom(int length)
    {
        var size =
            entries.Length - used >= Prefix + length ? entries.Length : Math.Max(entries.Length * 2L, 1024 + length);
        var places = count * 4L < slots.Length * 3L ? slots.Length : Math.Max(slots.Length * 2L, MinSlots);
        var forEntries = budgetBytes - (places * sizeof(ulong));
        size = Math.Min(Math.Min(size, Array.MaxLength), forEntries);
        if (size < used + Prefix + length || forEntries < entries.Length)
        {
            return false;
        }

        if (size > entries.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>((int)size);
            entries.AsSpan(0, used).CopyTo(larger);
            entries = larger;
        }

        if (places > slots.Length)
        {
            Rehash((int)places);
        }

        return true;
    }

    private void Rehash(int places)
    {
        var before = slots;
        slots = new ulong[places];
        foreach (var entry in before.Where(e => e != 0))
        {
            var slot = (int)(entry >> 32) & (places - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (places - 1);
            }

            slots[slot] = entry;
        }
    }
}
