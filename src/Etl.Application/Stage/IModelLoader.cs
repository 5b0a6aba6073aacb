using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>Computes the datasets that have a model, and loads their rows as those of a file.</summary>
public interface IModelLoader
{
    /// <summary>
    /// Runs the SELECT of a model on the loaded rows of its inputs, makes sure that each row of the driving dataset gives exactly
    /// one row, checks every value, loads the valid rows and stores the others in the quarantine. Repeatable. Safe to call for
    /// different datasets at once.
    /// </summary>
    /// <param name="run">The run; its delivered datasets are loaded.</param>
    /// <param name="dataset">The dataset, with its model.</param>
    /// <param name="progress">Receives the totals so far, at intervals; may be null.</param>
    /// <param name="cancellationToken">Stops the load and leaves no row visible to anyone.</param>
    /// <returns>The result, with the model's SQL as its file.</returns>
    /// <exception cref="Errors.EtlException">
    /// The SELECT is wrong, a row of the driving dataset gives no row or several, or the database failed.
    /// </exception>
    Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    );
}
