namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// A Bloom filter in blocks: eight bits of one cache line for each key. It never takes a known key for a new one. With 20
/// bits of memory for each key it takes about one new key in ten thousand for a known one.
/// </summary>
internal sealed class KeyFilter(long bytes)
{
    private const int BlockWords = 8;

    /// <summary>Any odd numbers; each takes other bits of a hash.</summary>
    private static readonly uint[] Salts =
    [
        0x9E37_79B1,
        0x85EB_CA77,
        0xC2B2_AE3D,
        0x27D4_EB2F,
        0x1656_67B1,
        0xD3A2_646D,
        0xFD70_46C5,
        0xB55A_4F09,
    ];

    private readonly ulong[] words = new ulong[Math.Max(1, bytes / (BlockWords * sizeof(ulong))) * BlockWords];

    /// <returns>Whether the key is new for certain.</returns>
    public bool Add(ulong hash)
    {
        var blocks = (ulong)(words.Length / BlockWords);
        var block = words.AsSpan((int)(((hash >> 32) * blocks) >> 32) * BlockWords, BlockWords);
        var isNew = false;
        for (var i = 0; i < block.Length; i++)
        {
            var bit = 1UL << (int)(((uint)hash * Salts[i]) >> 26);
            isNew |= (block[i] & bit) == 0;
            block[i] |= bit;
        }

        return isNew;
    }
}
