using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Copy;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Etl.Infrastructure.Stage.Rollups;

namespace Etl.Infrastructure.Stage;

/// <summary>Sends rows into a run's table, adds them to rollups, and sends rejects into the quarantine.</summary>
internal sealed class TableSink(
    Dataset dataset,
    SourceFile file,
    CopyStream copy,
    QuarantineWriter quarantine,
    params RollupTally[] rollups
) : IRowSink
{
    private readonly RowWriter writer = new(dataset);
    private readonly SumTally tally = new(dataset);

    public IReadOnlyList<ColumnSum> Sums => tally.Sums;

    public bool IsFull { get; private set; }

    public bool WantsReject => quarantine.WantsRow;

    public void Accept(ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        tally.Add(row);
        foreach (var rollup in rollups)
        {
            rollup.Add(row, text);
        }

        writer.Write(copy.Buffer, row, text);
        IsFull |= copy.IsFull;
    }

    public void Reject(RejectedRow row)
    {
        quarantine.Add(file, row);
        IsFull |= quarantine.IsFull;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (quarantine.IsFull)
        {
            await quarantine.FlushAsync(cancellationToken);
        }

        if (copy.IsFull)
        {
            await copy.FlushAsync(cancellationToken);
        }

        IsFull = false;
    }
}
