using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>The place of the snapshots: a folder, or a bucket's prefix. It is only read.</summary>
public interface ISourceStore
{
    /// <summary>The location as people write it, with the business date filled in.</summary>
    string Describe(BusinessDate date);

    /// <summary>
    /// Finds the first of the given file names that exists, by exact key and never by listing, and pins its version.
    /// </summary>
    /// <param name="date">The business date, for locations that contain <c>{date}</c>.</param>
    /// <param name="fileNames">The names to try, in order.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>The file, or null if none of the names exists.</returns>
    /// <exception cref="Errors.EtlException">The location itself is missing or cannot be read.</exception>
    Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Names of files whose name begins like one that was not found, for the error; empty where they cannot be listed cheaply.
    /// </summary>
    /// <param name="date">The business date, for locations that contain <c>{date}</c>.</param>
    /// <param name="fileNames">The names that were not found.</param>
    IReadOnlyList<string> ListSimilar(BusinessDate date, IReadOnlyList<string> fileNames) => [];

    /// <summary>Pins one file by its own location, inside or outside this place.</summary>
    /// <exception cref="Errors.EtlException">There is no such file, or it cannot be read.</exception>
    Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken);

    /// <summary>Opens the pinned version for one read from its first byte. The caller disposes the stream.</summary>
    /// <exception cref="Errors.EtlException">The file is gone, cannot be read, or is no longer the pinned version.</exception>
    Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken);

    /// <summary>Called after the last byte: checks that what was read is still the pinned version.</summary>
    /// <exception cref="Errors.EtlException">The file changed while it was read.</exception>
    Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken);
}
