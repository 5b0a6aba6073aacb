using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Where the rows of a file go: into the database, or nowhere.</summary>
internal interface IRowSink
{
    /// <summary>Whether <see cref="FlushAsync"/> must be called before the next row.</summary>
    bool IsFull { get; }

    /// <summary>Takes a checked row; both spans are valid during the call only.</summary>
    /// <param name="row">The values; see <see cref="Row"/>.</param>
    /// <param name="text">The bytes that hold the texts of the row.</param>
    void Accept(ReadOnlySpan<long> row, ReadOnlySpan<byte> text);

    /// <summary>Whether the sink stores the next rejected row with its bytes; otherwise the row is only counted.</summary>
    bool WantsReject { get; }

    /// <summary>Takes a rejected row.</summary>
    void Reject(RejectedRow row);

    /// <summary>Passes on what has been collected.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
