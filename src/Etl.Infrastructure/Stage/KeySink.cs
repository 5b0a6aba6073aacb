using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage;

/// <summary>Gathers the keys of the rows that pass. A corrected file is small; one that is not is refused.</summary>
internal sealed class KeySink(Dataset dataset, SourceFile file) : IRowSink
{
    private const int MostKeys = 1 << 22;

    private readonly List<long> keys = [];

    public IReadOnlyList<long> Keys => keys;

    public bool IsFull => false;

    public bool WantsReject => false;

    public void Accept(ReadOnlySpan<long> row)
    {
        if (keys.Count == MostKeys)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"{file.FileName} has more than {MostKeys} rows, too many for a replay.",
                "Mend the day's source file and run it again with --force; nothing was changed."
            );
        }

        keys.Add(row[dataset.KeyIndex]);
    }

    public void Reject(RejectedRow row) { }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
