using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>The place of the snapshots: a folder, or a bucket's prefix. It is only read.</summary>
public interface ISourceStore : ISourceReader
{
    /// <summary>The location as people write it, with the business date filled in.</summary>
    string Describe(BusinessDate date);

    /// <summary>
    /// Finds the first of the given files that exists, by exact key and never by listing, and pins its version.
    /// </summary>
    /// <param name="date">The business date, for locations with a placeholder.</param>
    /// <param name="fileNames">The names to try, in order; with a folder below this place where they have one.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>The file, or null if none of the names exists.</returns>
    /// <exception cref="Errors.EtlException">The location itself is missing or cannot be read.</exception>
    Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    );

    /// <summary>The most names that <see cref="ListAsync"/> returns.</summary>
    const int MaxListed = 10_000;

    /// <summary>The names of files directly in one folder, in bytewise order.</summary>
    /// <param name="date">The business date, for locations with a placeholder.</param>
    /// <param name="folder">The folder below this place; empty for the place itself.</param>
    /// <param name="beginning">The characters that the names begin with.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The names; none if there is no such folder.</returns>
    /// <exception cref="Errors.EtlException">More than <see cref="MaxListed"/> names, or the place cannot be read.</exception>
    Task<IReadOnlyList<string>> ListAsync(
        BusinessDate date,
        string folder,
        string beginning,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Pins one file by its own location, inside or outside this place.</summary>
    /// <exception cref="Errors.EtlException">There is no such file, or it cannot be read.</exception>
    Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken);
}

/// <summary>Reads pinned files.</summary>
public interface ISourceReader
{
    /// <summary>Opens the pinned version for one read from its first byte. The caller disposes the stream.</summary>
    /// <exception cref="Errors.EtlException">The file is gone, cannot be read, or is no longer the pinned version.</exception>
    Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken);

    /// <summary>Called after the last byte: checks that what was read is still the pinned version.</summary>
    /// <exception cref="Errors.EtlException">The file changed while it was read.</exception>
    Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken);
}
