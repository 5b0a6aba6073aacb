using System.Numerics;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Ids above 0, within a memory budget. Ids of a shop lie close together, so they are bits of pages; scattered ids move into
/// one open-addressed table. Once the budget is spent, known ids stay known.
/// </summary>
internal sealed class IdSet(long budgetBytes)
{
    private const int PageBits = 15;
    private const int PageBytes = (1 << PageBits) / 8;
    private const int PageCost = PageBytes + 64;
    private const int ScatteredBytesPerKey = 24;

    private readonly Dictionary<long, ulong[]> pages = [];
    private long[]? table;
    private long count;
    private long lastPage = -1;
    private ulong[] last = [];

    /// <summary>Whether some key got the answer <see cref="KeyAnswer.Unknown"/>.</summary>
    public bool IsOverflown { get; private set; }

    public KeyAnswer Add(long key)
    {
        if (table is not null)
        {
            return AddToTable(key);
        }

        var number = key >> PageBits;
        if (number != lastPage && !TurnTo(number))
        {
            return table is null ? Overflow() : AddToTable(key);
        }

        var bit = 1UL << (int)(key & 63);
        ref var word = ref last[(key & ((1 << PageBits) - 1)) >> 6];
        if ((word & bit) != 0)
        {
            return KeyAnswer.Seen;
        }

        word |= bit;
        count++;
        return KeyAnswer.New;
    }

    private KeyAnswer Overflow()
    {
        IsOverflown = true;
        return KeyAnswer.Unknown;
    }

    /// <summary>False where there is no such page, and none can be made.</summary>
    private bool TurnTo(long number)
    {
        if (!pages.TryGetValue(number, out var page))
        {
            var cost = (pages.Count + 1L) * PageCost;
            if (pages.Count >= 256 && cost > count * ScatteredBytesPerKey && TryMoveToTable())
            {
                return false;
            }

            if (IsOverflown || cost > budgetBytes)
            {
                return false;
            }

            page = new ulong[PageBytes / sizeof(ulong)];
            pages.Add(number, page);
        }

        (lastPage, last) = (number, page);
        return true;
    }

    private bool TryMoveToTable()
    {
        var slots = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1024, count * 2));
        if (IsOverflown || slots * sizeof(long) > budgetBytes)
        {
            return false;
        }

        table = new long[slots];
        foreach (var (number, page) in pages)
        {
            for (var word = 0; word < page.Length; word++)
            {
                for (var bits = page[word]; bits != 0; bits &= bits - 1)
                {
                    Insert(table, (number << PageBits) + ((long)word * 64) + BitOperations.TrailingZeroCount(bits));
                }
            }
        }

        pages.Clear();
        (lastPage, last) = (-1, []);
        return true;
    }

    private KeyAnswer AddToTable(long key)
    {
        var slot = Find(table!, key);
        if (table![slot] == key)
        {
            return KeyAnswer.Seen;
        }

        if (IsOverflown || !HasRoom())
        {
            return Overflow();
        }

        Insert(table, key);
        count++;
        return KeyAnswer.New;
    }

    /// <summary>Grows at three quarters, while the budget allows it.</summary>
    private bool HasRoom()
    {
        if (count * 4 < (long)table!.Length * 3)
        {
            return true;
        }

        if (table.Length * 2L * sizeof(long) > budgetBytes)
        {
            return false;
        }

        var larger = new long[table.Length * 2];
        foreach (var key in table)
        {
            if (key != 0)
            {
                Insert(larger, key);
            }
        }

        table = larger;
        return true;
    }

    private static void Insert(long[] slots, long key) => slots[Find(slots, key)] = key;

    /// <summary>The key's slot, or the free one where it belongs; a key is above 0, so 0 is free.</summary>
    private static int Find(long[] slots, long key)
    {
        var mask = slots.Length - 1;
        var slot = (int)(((ulong)key * 0x9E3779B97F4A7C15UL) >> 20) & mask;
        while (slots[slot] != 0 && slots[slot] != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
