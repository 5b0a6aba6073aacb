using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Judges a second reading of a file that has more keys than fit into memory: only some keys are looked at, few enough
/// to be known exactly. Their first row is passed on, the later ones are rejected; all else was dealt with before.
/// </summary>
internal sealed class DuplicateKeyCheck(
    Dataset dataset,
    IRowSink sink,
    Func<long, bool> isWanted,
    Action<long[]>? onLater = null
) : RowValidator(dataset, sink, keyBudgetBytes: 0)
{
    private readonly HashSet<long> seen = [];
    private readonly Dataset dataset = dataset;

    public override void Accept(long[] row, long line, long offset, ReadOnlySpan<byte> record)
    {
        var key = row[dataset.KeyIndex];
        if (!isWanted(key))
        {
            Read++;
        }
        else if (seen.Add(key))
        {
            Read++;
            Accepted++;
            Sink.Accept(row);
        }
        else
        {
            onLater?.Invoke(row);
            base.Reject(RowError.Duplicate(dataset.Key!, key), line, offset, record);
        }
    }

    public override void Reject(RowError exception, long line, long offset, ReadOnlySpan<byte> record) => Read++;
}
