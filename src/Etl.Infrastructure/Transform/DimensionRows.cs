using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Transform;

/// <summary>Passes the rows of an optional file on with their lines, and stops at the first one that is rejected.</summary>
internal sealed class DimensionRows : RowValidator
{
    private readonly Dataset dataset;
    private readonly SourceFile file;
    private readonly DimensionSink sink;
    private long bytes;

    public DimensionRows(Dataset dataset, SourceFile file, DimensionSink sink)
        : base(dataset, sink, new KeyLookup(dataset, budgetBytes: 0)) =>
        (this.dataset, this.file, this.sink) = (dataset, file, sink);

    public override void Accept(long[] row, ReadOnlySpan<byte> text, long line, long offset, ReadOnlySpan<byte> record)
    {
        bytes += record.Length;
        if (bytes > DimensionReader.MaxBytes)
        {
            throw DimensionErrors.Size(file, bytes);
        }

        Read++;
        Accepted++;
        sink.Add(DimensionRow.Of(dataset, file, line, row, text));
    }

    public override void Reject(RowError error, long line, long offset, ReadOnlySpan<byte> record) =>
        throw DimensionErrors.Row(file, line, error.Message(record));
}

/// <summary>Holds some rows until they can be passed on.</summary>
internal sealed class DimensionSink(Func<DimensionRow, ValueTask> take) : IRowSink
{
    private const int Most = 1000;

    private readonly List<DimensionRow> rows = [];

    public bool IsFull => rows.Count >= Most;

    public bool WantsReject => false;

    public void Add(DimensionRow row) => rows.Add(row);

    public void Accept(ReadOnlySpan<long> row, ReadOnlySpan<byte> text) => throw new NotSupportedException();

    public void Reject(RejectedRow row) => throw new NotSupportedException();

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            await take(row);
        }

        rows.Clear();
    }
}
