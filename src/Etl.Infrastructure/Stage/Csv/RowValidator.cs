using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Counts every record, looks its key up, and passes it to the sink as a row or as a reject.</summary>
internal class RowValidator
{
    private readonly Dataset dataset;

    /// <param name="dataset">The dataset of the rows.</param>
    /// <param name="sink">Where they go.</param>
    /// <param name="keys">The keys of the rows before, those of earlier parts too.</param>
    public RowValidator(Dataset dataset, IRowSink sink, KeyLookup keys)
    {
        (this.dataset, Sink, Keys) = (dataset, sink, keys);
        (Forms, Hints) = (new FormTally(dataset), new RejectHints(dataset));
        Negatives = new NegativeTally(dataset);
    }

    public IRowSink Sink { get; }

    public RejectTally Rejects { get; } = new();

    public FormTally Forms { get; }

    public RejectHints Hints { get; }

    public NegativeTally Negatives { get; }

    /// <summary>Records that hold no row.</summary>
    public long Skipped { get; private set; }

    /// <summary>Records read.</summary>
    public long Read { get; protected set; }

    /// <summary>Rows passed on.</summary>
    public long Accepted { get; protected set; }

    /// <summary>The keys of the rows so far.</summary>
    public KeyLookup Keys { get; }

    /// <summary>Receives the stored rows that repeat a key; null for a file that is a dataset by itself.</summary>
    public DuplicateRows? Duplicates { get; init; }

    /// <summary>Turns a rejected record into what is stored and shown; null for a record of a file, which stays as it is.</summary>
    public Func<RejectedRow, RejectedRow>? Describe { get; init; }

    /// <summary>Counts records that hold no row.</summary>
    public void Skip(long count) => (Read, Skipped) = (Read + count, Skipped + count);

    /// <param name="row">The values; see <see cref="Row"/>.</param>
    /// <param name="text">The bytes that hold the texts of the row.</param>
    /// <param name="line">1-based line of the record's first byte.</param>
    /// <param name="offset">Offset of that byte in the file.</param>
    /// <param name="record">The record without its line end.</param>
    public virtual void Accept(long[] row, ReadOnlySpan<byte> text, long line, long offset, ReadOnlySpan<byte> record)
    {
        if (Keys.Add(row, text) == KeyAnswer.Seen)
        {
            RejectDuplicate(row, text, line, offset, record);
            return;
        }

        Read++;
        Accepted++;
        Negatives.Count(row);
        Sink.Accept(row, text);
    }

    public virtual void Reject(RowError error, long line, long offset, ReadOnlySpan<byte> record) =>
        RejectRow(error, line, offset, record);

    /// <summary>A file of nothing but duplicates must not format a message for each.</summary>
    protected void RejectDuplicate(
        ReadOnlySpan<long> row,
        ReadOnlySpan<byte> text,
        long line,
        long offset,
        ReadOnlySpan<byte> record
    )
    {
        var values = IsStored ? Keys.Describe(row, text) : "";
        var error = RowError.Duplicate(Keys.Names, values, isOne: dataset.Key.Count == 1);
        if (RejectRow(error, line, offset, record) is { } rejected)
        {
            Duplicates?.Add(rejected, Keys.Encode(row, text));
        }
    }

    /// <returns>The row if it is stored.</returns>
    private RejectedRow? RejectRow(RowError error, long line, long offset, ReadOnlySpan<byte> record)
    {
        Read++;
        Rejects.Count(error.Code);
        if (!IsStored)
        {
            return null;
        }

        var rejected = new RejectedRow(
            dataset.Name,
            line,
            offset,
            error.Column,
            error.Code,
            error.Message(record),
            record.ToArray()
        );
        rejected = Describe?.Invoke(rejected) ?? rejected;
        Rejects.Keep(rejected);
        if (Sink.WantsReject)
        {
            Sink.Reject(rejected);
        }

        return rejected;
    }

    private bool IsStored => Rejects.WantsRow || Sink.WantsReject;
}
