using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Checks a second reading of files that have more keys than fit into memory. It looks at some keys only, few enough to
/// know each exactly: their first row is passed on, the later ones are rejected. The first reading handled everything else.
/// </summary>
/// <param name="dataset">The dataset of the rows.</param>
/// <param name="sink">Where they go.</param>
/// <param name="isWanted">Chooses the keys.</param>
/// <param name="seen">Those that were read so far, in this part and in those before it.</param>
/// <param name="onLater">Receives each row that is rejected.</param>
internal sealed class DuplicateKeyCheck(
    Dataset dataset,
    IRowSink sink,
    Func<ReadOnlySpan<byte>, bool> isWanted,
    KeySet seen,
    Action<long[]>? onLater = null
) : RowValidator(dataset, sink, new KeyLookup(dataset, budgetBytes: 0))
{
    public override void Accept(long[] row, ReadOnlySpan<byte> text, long line, long offset, ReadOnlySpan<byte> record)
    {
        var key = Keys.Encode(row, text);
        if (!isWanted(key))
        {
            Read++;
        }
        else if (seen.Add(key) == KeyAnswer.New)
        {
            Read++;
            Accepted++;
            Sink.Accept(row, text);
        }
        else
        {
            onLater?.Invoke(row);
            RejectDuplicate(row, text, line, offset, record);
        }
    }

    public override void Reject(RowError error, long line, long offset, ReadOnlySpan<byte> record) => Read++;
}
