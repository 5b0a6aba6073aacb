using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Infrastructure.Csv;

namespace Etl.Infrastructure.Staging;

/// <summary>Sends rows into a run's table, and rejects into the quarantine.</summary>
internal sealed class TableSink(Dataset dataset, CopyStream copy, Quarantine quarantine) : IRowSink
{
    private readonly RowWriter writer = new(dataset);

    public bool IsFull => copy.IsFull || quarantine.IsFull;

    public bool WantsReject => quarantine.WantsRow;

    public void Accept(ReadOnlySpan<long> row) => writer.Write(copy.Buffer, row);

    public void Reject(RejectedRow row) => quarantine.Add(row);

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
    }
}
