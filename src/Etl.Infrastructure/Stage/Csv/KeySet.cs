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
/// Keys of any kind, as <see cref="RowKey"/> encodes them, within a memory budget: an open-addressed table of positions in
/// one byte array that holds the full keys. A hash only finds candidates; a key counts as seen where all bytes are equal.
/// </summary>
internal sealed class KeySet(long budgetBytes)
{
    private const int Prefix = sizeof(int) * 2; // hash, length

    /// <summary>Position of an entry plus 1; 0 is free.</summary>
    private int[] slots = [];
    private byte[] entries = [];
    private int used;
    private int count;

    /// <summary>Memory of a key besides its bytes, about: its prefix, and slots that are at least three eighths full.</summary>
    public const int Overhead = Prefix + (sizeof(int) * 8 / 3) + 1;

    /// <summary>Whether some key got the answer <see cref="KeyAnswer.Unknown"/>.</summary>
    public bool IsOverflown { get; private set; }

    /// <summary>Any 32 bits that equal keys share within a process.</summary>
    public static int HashOf(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    public bool Contains(ReadOnlySpan<byte> key) => slots.Length > 0 && slots[Find(key, HashOf(key))] != 0;

    public KeyAnswer Add(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        if (slots.Length > 0 && slots[Find(key, hash)] != 0)
        {
            return KeyAnswer.Seen;
        }

        if (IsOverflown || !MakeRoom(key.Length))
        {
            IsOverflown = true;
            return KeyAnswer.Unknown;
        }

        slots[Find(key, hash)] = used + 1;
        BitConverter.TryWriteBytes(entries.AsSpan(used), hash);
        BitConverter.TryWriteBytes(entries.AsSpan(used + sizeof(int)), key.Length);
        key.CopyTo(entries.AsSpan(used + Prefix));
        used += Prefix + key.Length;
        count++;
        return KeyAnswer.New;
    }

    /// <summary>The slot of the key, or the free one where it belongs. At least a quarter of the slots is free.</summary>
    private int Find(ReadOnlySpan<byte> key, int hash)
    {
        var mask = slots.Length - 1;
        var slot = hash & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var entry = entries.AsSpan(slots[slot] - 1);
            if (
                BitConverter.ToInt32(entry) == hash
                && BitConverter.ToInt32(entry[sizeof(int)..]) == key.Length
                && entry.Slice(Prefix, key.Length).SequenceEqual(key)
            )
            {
                break;
            }
        }

        return slot;
    }

    private bool MakeRoom(int length)
    {
        var size =
            entries.Length - used >= Prefix + length ? entries.Length : Math.Max(entries.Length * 2L, 1024 + length);
        var places = count * 4L < slots.Length * 3L ? slots.Length : Math.Max(slots.Length * 2L, 256);
        var forEntries = budgetBytes - (places * sizeof(int));
        size = Math.Min(Math.Min(size, Array.MaxLength), forEntries);
        if (size < used + Prefix + length || forEntries < entries.Length)
        {
            return false;
        }

        if (size > entries.Length)
        {
            Array.Resize(ref entries, (int)size);
        }

        if (places > slots.Length)
        {
            Rehash((int)places);
        }

        return true;
    }

    private void Rehash(int places)
    {
        slots = new int[places];
        for (var at = 0; at < used; )
        {
            var slot = BitConverter.ToInt32(entries.AsSpan(at)) & (places - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (places - 1);
            }

            slots[slot] = at + 1;
            at += Prefix + BitConverter.ToInt32(entries.AsSpan(at + sizeof(int)));
        }
    }
}
