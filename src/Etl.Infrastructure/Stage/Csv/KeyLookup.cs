using System.Buffers.Binary;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Whether the key of a row occurred before, in its file or in an earlier part of the dataset, within a memory budget. The first keys are known exactly. A filter
/// remembers a few bits of each further one: most of them are new for certain, the others are candidates. A candidate's rows
/// pass, until its rows are compared in the database or by a second reading.
/// </summary>
internal sealed class KeyLookup
{
    /// <summary>Bytes of a row with text, about.</summary>
    private const int UsualRow = 40;

    private readonly RowKey key;
    private readonly IdSet? ids;
    private readonly int idIndex;
    private readonly KeySet? keys;
    private readonly KeySet candidates;
    private readonly long filterBytes;
    private KeyFilter? filter;
    private long keyBytes;

    /// <param name="dataset">The dataset of the rows.</param>
    /// <param name="budgetBytes">Memory for the keys.</param>
    /// <param name="fileBytes">Size of all files, if it is known.</param>
    public KeyLookup(Dataset dataset, long budgetBytes, long fileBytes = 0)
    {
        key = new RowKey(dataset);
        (candidates, filterBytes) = (new KeySet(budgetBytes / 4), budgetBytes * 3 / 4);
        if (RowKey.IsId(dataset))
        {
            // Dense ids take a bit each, less than in the filter.
            (ids, idIndex) = (new IdSet(budgetBytes), dataset.KeyIndexes[0]);
        }
        else if (dataset.Key.Count > 0)
        {
            keys = new KeySet(budgetBytes / 4, fileBytes / UsualRow);
        }
    }

    /// <summary>Whether every answer is final.</summary>
    public bool IsComplete => candidates.Count == 0 && !candidates.IsOverflown;

    /// <summary>The candidates; null where there are more than fit into memory, so that any key may be one.</summary>
    public KeySet? Candidates => candidates.IsOverflown ? null : candidates;

    /// <summary>The columns' names, for messages and the quarantine.</summary>
    public string Names => key.Names;

    /// <summary>The key of a row; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<long> row, ReadOnlySpan<byte> text) => key.Encode(row, text);

    /// <inheritdoc cref="RowKey.Describe"/>
    public string Describe(ReadOnlySpan<long> row, ReadOnlySpan<byte> text) => key.Describe(row, text);

    /// <summary>Adds keys of rows that are stored elsewhere, as <see cref="RowKey"/> encodes them.</summary>
    public void Take(IReadOnlyList<byte[]> taken)
    {
        foreach (var other in taken)
        {
            _ = ids is not null ? AddId(BinaryPrimitives.ReadInt64LittleEndian(other), other) : AddKey(other);
        }
    }

    /// <summary>Whether the row's key occurred before; <see cref="KeyAnswer.Unknown"/> for a candidate.</summary>
    public KeyAnswer Add(ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        if (ids is null)
        {
            return keys is null ? KeyAnswer.New : AddKey(key.Encode(row, text));
        }

        var answer = ids.Add(row[idIndex]);
        return answer == KeyAnswer.Unknown ? AddFurther(key.Encode(row, text)) : answer;
    }

    /// <summary>Memory that some rows' keys would take in a <see cref="KeySet"/>, about.</summary>
    public long MemoryOf(long rows) => (ids is null ? keyBytes : rows * sizeof(long)) + (rows * KeySet.Overhead);

    private KeyAnswer AddId(long id, ReadOnlySpan<byte> encoded) =>
        ids!.Add(id) is var answer && answer == KeyAnswer.Unknown ? AddFurther(encoded) : answer;

    private KeyAnswer AddKey(ReadOnlySpan<byte> encoded)
    {
        keyBytes += encoded.Length;
        var hash = KeySet.HashOf(encoded);
        var answer = keys!.Add(encoded, hash);
        return answer == KeyAnswer.Unknown ? AddFurther(encoded, hash) : answer;
    }

    private KeyAnswer AddFurther(ReadOnlySpan<byte> encoded) => AddFurther(encoded, KeySet.HashOf(encoded));

    private KeyAnswer AddFurther(ReadOnlySpan<byte> encoded, ulong hash)
    {
        filter ??= new KeyFilter(filterBytes);
        if (filter.Add(hash))
        {
            return KeyAnswer.New;
        }

        candidates.Add(encoded, hash);
        return KeyAnswer.Unknown;
    }
}
