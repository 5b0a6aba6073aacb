using Etl.Application.Runs;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Adds up the progress of the parts of a dataset, which are read one after another.</summary>
/// <param name="to">Receives the totals so far; may be null.</param>
/// <param name="totalBytes">Size of all parts.</param>
internal sealed class PartProgress(IProgress<LoadProgress>? to, long totalBytes) : IProgress<LoadProgress>
{
    private long bytesBefore;
    private long rowsBefore;
    private LoadProgress last;

    public void Report(LoadProgress value)
    {
        last = value;
        to?.Report(
            value with
            {
                BytesRead = bytesBefore + value.BytesRead,
                TotalBytes = totalBytes,
                RowsRead = rowsBefore + value.RowsRead,
            }
        );
    }

    /// <summary>The next part begins.</summary>
    public void Next()
    {
        bytesBefore += last.BytesRead;
        rowsBefore += last.RowsRead;
        last = default;
    }
}
