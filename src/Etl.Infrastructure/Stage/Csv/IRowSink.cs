using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Where the rows of a file go: into the database, or nowhere.</summary>
internal interface IRowSink
{
    /// <summary>Whether <see cref="FlushAsync"/> must be called before the next row.</summary>
    bool IsFull { get; }

    /// <summary>Takes a checked row; see <see cref="Row"/>.</summary>
    void Accept(ReadOnlySpan<long> row);

    /// <summary>Whether the next rejected row is wanted with its bytes; if not it is only counted.</summary>
    bool WantsReject { get; }

    /// <summary>Takes a rejected row.</summary>
    void Reject(RejectedRow row);

    /// <summary>Passes on what has gathered.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
