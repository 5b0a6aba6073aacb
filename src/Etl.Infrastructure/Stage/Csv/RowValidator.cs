using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>The last word on every record: counts it, looks its key up, and passes it on as a row or a reject.</summary>
internal class RowValidator(Dataset dataset, IRowSink sink, long keyBudgetBytes)
{
    private readonly KeySet? keys = dataset.KeyIndex < 0 ? null : new KeySet(keyBudgetBytes);
    private readonly int keyIndex = dataset.KeyIndex;

    public IRowSink Sink => sink;

    public RejectTally Rejects { get; } = new();

    /// <summary>Data records met.</summary>
    public long Read { get; protected set; }

    /// <summary>Rows passed on.</summary>
    public long Accepted { get; protected set; }

    /// <summary>Whether there were more keys than memory for them, so that some rows were passed on unlooked.</summary>
    public bool HasUnknownKeys => keys is { IsOverflown: true };

    /// <summary>Makes keys known that rows have elsewhere.</summary>
    public void Take(IReadOnlyList<long> taken)
    {
        foreach (var key in taken)
        {
            keys?.Add(key);
        }
    }

    public virtual void Accept(long[] row, long line, long offset, ReadOnlySpan<byte> record)
    {
        if (keys is not null && keys.Add(row[keyIndex]) == KeyAnswer.Seen)
        {
            Reject(RowError.Duplicate(dataset.Key!, row[keyIndex]), line, offset, record);
            return;
        }

        Read++;
        Accepted++;
        sink.Accept(row);
    }

    public virtual void Reject(RowError exception, long line, long offset, ReadOnlySpan<byte> record)
    {
        Read++;
        Rejects.Count(exception.Code);
        if (!Rejects.WantsRow && !sink.WantsReject)
        {
            return;
        }

        var rejected = new RejectedRow(
            dataset.Name,
            line,
            offset,
            exception.Column,
            exception.Code,
            exception.Message(record),
            record.ToArray()
        );
        Rejects.Keep(rejected);
        if (sink.WantsReject)
        {
            sink.Reject(rejected);
        }
    }
}
