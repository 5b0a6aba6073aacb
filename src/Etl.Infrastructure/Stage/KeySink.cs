using Etl.Application.Errors;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage;

/// <summary>Collects the keys of the rows that pass. Corrected files are small; larger ones are refused.</summary>
internal sealed class KeySink(Dataset dataset) : IRowSink
{
    private const int MaxKeys = 1 << 22;

    private readonly RowKey key = new(dataset);
    private readonly List<byte[]> keys = [];

    /// <summary>Each key, as <see cref="RowKey"/> encodes it.</summary>
    public IReadOnlyList<byte[]> Keys => keys;

    public bool IsFull => false;

    public bool WantsReject => false;

    public void Accept(ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        if (keys.Count == MaxKeys)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"The corrected {dataset} have more than {MaxKeys} rows, too many for a replay.",
                "Correct the day's source file and run it again with --force; nothing was changed."
            );
        }

        keys.Add(key.Encode(row, text).ToArray());
    }

    public void Reject(RejectedRow row) { }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
