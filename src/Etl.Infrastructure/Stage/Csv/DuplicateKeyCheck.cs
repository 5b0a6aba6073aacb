using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Checks a second reading of a file that has more keys than fit into memory. It looks at some keys only, few enough to
/// know each exactly: their first row is passed on, the later ones are rejected. The first reading handled everything else.
/// </summary>
internal sealed class DuplicateKeyCheck(
    Dataset dataset,
    IRowSink sink,
    Func<ReadOnlySpan<byte>, bool> isWanted,
    Action<long[]>? onLater = null
) : RowValidator(dataset, sink, keyBudgetBytes: 0)
{
    private readonly KeySet seen = new(long.MaxValue);

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
            base.Reject(Duplicate(row, text), line, offset, record);
        }
    }

    public override void Reject(RowError error, long line, long offset, ReadOnlySpan<byte> record) => Read++;
}
