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
    /// Reads a file once: hashes its bytes, checks every row, loads the valid ones, stores the others in the quarantine. Safe to call
    /// for different datasets at once.
    /// </summary>
    /// <param name="run">The run, prepared.</param>
    /// <param name="dataset">What the file holds.</param>
    /// <param name="file">The pinned file; null if it is missing, which loads nothing.</param>
    /// <param name="progress">Receives the totals so far, at intervals; may be null.</param>
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
    /// <param name="corrected">The pinned file; null if nothing was corrected.</param>
    /// <param name="progress">Receives the totals of the corrected file, at intervals; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row visible to anyone.</param>
    /// <returns>The copied rows, without a file, and the corrected file if there is one.</returns>
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
    /// After all loads: proves that every row belongs to the run, so that the tables can be attached to <c>staging</c>
    /// without a scan. Others may read the tables meanwhile.
    /// </summary>
    Task CompleteAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Drops the run's schema if it exists.</summary>
    Task DropAsync(RunId run, CancellationToken cancellationToken);
}
