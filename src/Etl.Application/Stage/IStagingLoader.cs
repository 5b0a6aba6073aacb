using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

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
    /// <param name="progress">Notified the totals so far, now and then; may be null.</param>
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
    /// Fills a table of a replay: the rows of a published run, and those of a corrected file, checked as in a load. A key that
    /// the published rows have is a duplicate. Safe to call for different datasets at once.
    /// </summary>
    /// <param name="run">The run, prepared.</param>
    /// <param name="baseRun">The published run.</param>
    /// <param name="dataset">What the table holds.</param>
    /// <param name="corrected">The pinned file; null where nothing was corrected.</param>
    /// <param name="progress">Notified the totals of the corrected file, now and then; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row visible to anyone.</param>
    /// <returns>What became of the published rows, without their file, and of the corrected file where there is one.</returns>
    /// <exception cref="Errors.EtlException">Bad header, changed file, failed source or failed database.</exception>
    Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId run,
        RunId baseRun,
        Dataset dataset,
        SourceFile? corrected,
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
