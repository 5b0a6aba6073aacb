using Etl.Domain.Quality;
using Etl.Domain.Rows;
using Etl.Domain.Runs;

namespace Etl.Application.Ports;

/// <summary>
/// Moves checked rows into tables of the run's own. Nobody reads them there until the publish; a run that dies leaves
/// them to be dropped by the next start.
/// </summary>
public interface IStagingLoader
{
    /// <summary>Makes the run's schema and its empty tables; what an earlier attempt left is dropped first.</summary>
    Task PrepareAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a file once: hashes its bytes, checks every row, loads the good ones, quarantines the others. Safe to call
    /// for different datasets at once.
    /// </summary>
    /// <param name="run">The run, prepared.</param>
    /// <param name="dataset">What the file holds.</param>
    /// <param name="file">The pinned file; null for a file that may be missing, which loads nothing.</param>
    /// <param name="progress">Told the totals so far, now and then; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row visible to anyone.</param>
    /// <exception cref="Errors.EtlException">Bad header, changed file, failed source or failed database.</exception>
    Task<StagedFile> LoadAsync(
        RunId run,
        Dataset dataset,
        SourceFile? file,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Fills a table of a replay: the rows of a published run, and those of a mended file, checked as in a load. A key that
    /// the published rows have is a duplicate. Safe to call for different datasets at once.
    /// </summary>
    /// <param name="run">The run, prepared.</param>
    /// <param name="baseRun">The published run.</param>
    /// <param name="dataset">What the table holds.</param>
    /// <param name="mended">The pinned file; null where nothing was mended.</param>
    /// <param name="progress">Told the totals of the mended file, now and then; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row visible to anyone.</param>
    /// <returns>What became of the published rows, without their file, and of the mended file where there is one.</returns>
    /// <exception cref="Errors.EtlException">Bad header, changed file, failed source or failed database.</exception>
    Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId run,
        RunId baseRun,
        Dataset dataset,
        SourceFile? mended,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Once all files are loaded: proves that every row is the run's, so that the tables can be attached to <c>staging</c>
    /// without a scan. Others may read the tables meanwhile.
    /// </summary>
    Task CompleteAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Drops the run's schema; nothing happens where there is none.</summary>
    Task DropAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>How far a load is.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="BytesRead">Bytes read so far.</param>
/// <param name="TotalBytes">The file's size.</param>
/// <param name="RowsRead">Records read so far.</param>
public readonly record struct LoadProgress(string Dataset, long BytesRead, long TotalBytes, long RowsRead);

/// <summary>What became of one file.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="File">The file that was read; null where it was allowed to be missing.</param>
/// <param name="Sha256">Hash of the bytes that were checked, lower-case hex.</param>
/// <param name="BytesRead">Bytes read.</param>
/// <param name="Books">Rows read, loaded by the database's count, and quarantined by the database's count.</param>
/// <param name="RejectsByCode">True number of rejected rows by code, kept or not.</param>
/// <param name="FirstRejects">The first few rejected rows, in file order.</param>
/// <param name="IgnoredColumns">Columns of the header that no one asked for.</param>
public sealed record StagedFile(
    string Dataset,
    SourceFile? File,
    string Sha256,
    long BytesRead,
    Books Books,
    IReadOnlyDictionary<RejectCode, long> RejectsByCode,
    IReadOnlyList<RejectedRow> FirstRejects,
    IReadOnlyList<string> IgnoredColumns
)
{
    /// <summary>What the file is to its run.</summary>
    public FilePart Part { get; init; }

    /// <summary>Sums of quantities and amounts over the rows that were accepted; none where nothing was loaded.</summary>
    public IReadOnlyList<ColumnSum> Sums { get; init; } = [];

    /// <summary>The header's bytes as they stand in the file, without BOM and line end: rejected rows are in its order.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }
}
