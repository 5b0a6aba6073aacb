using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Drops rows: the reader counts them.</summary>
internal sealed class CountingSink : IRowSink
{
    public bool IsFull => false;

    public bool WantsReject => false;

    public void Accept(ReadOnlySpan<long> row, ReadOnlySpan<byte> text) { }

    public void Reject(RejectedRow row) { }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
