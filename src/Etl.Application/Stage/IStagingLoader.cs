using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>
/// Loads checked rows into the run's own tables. Readers do not see them before the publish; the next start drops the tables of
/// an abandoned run.
/// </summary>
public interface IStagingLoader
{
    /// <summary>Creates the run's schema and its empty tables; those of an earlier attempt are dropped first.</summary>
    Task PrepareAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the files of a dataset once: hashes their bytes, checks every row, loads the valid ones, stores the others in the
    /// quarantine. Of rows with one key the first stays, by the order of the files and the place in them. Safe to call for
    /// different datasets at once.
    /// </summary>
    /// <param name="run">The run, prepared.</param>
    /// <param name="dataset">What the files hold.</param>
    /// <param name="parts">The pinned files in order; none if the dataset is missing, which loads nothing.</param>
    /// <param name="progress">Receives the totals so far, at intervals; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row that a reader sees.</param>
    /// <returns>The result for each file; one without a file if there is none.</returns>
    /// <exception cref="Errors.EtlException">Bad header, changed file, failed source or failed database.</exception>
    Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Fills a table of a replay: the rows of a published run, and those of corrected files, checked as in a load. A key that
    /// the published rows have is a duplicate. Safe to call for different datasets at once.
    /// </summary>
    /// <param name="run">The run, prepared.</param>
    /// <param name="baseRun">The published run.</param>
    /// <param name="dataset">What the table holds.</param>
    /// <param name="corrected">The pinned files in order; none if nothing was corrected.</param>
    /// <param name="progress">Receives the totals of the corrected files, at intervals; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row visible to anyone.</param>
    /// <returns>The copied rows, without a file, and the corrected files.</returns>
    /// <exception cref="Errors.EtlException">Bad header, changed file, failed source or failed database.</exception>
    Task<IReadOnlyList<StagedFile>> ReplayAsync(
        RunId run,
        RunId baseRun,
        Dataset dataset,
        IReadOnlyList<SourceFile> corrected,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// After all loads: proves that every row belongs to the run, so that the tables can be attached
    /// without a scan. Others may read the tables meanwhile.
    /// </summary>
    Task CompleteAsync(RunId run, CancellationToken cancellationToken);
}
