using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage;

/// <summary>Takes rows nowhere: the reader counts them.</summary>
internal sealed class CountingSink : IRowSink
{
    public bool IsFull => false;

    public bool WantsReject => false;

    public void Accept(ReadOnlySpan<long> row) { }

    public void Reject(RejectedRow row) { }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
