using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Transform;

/// <summary>Computes the analytics of a run in the run's own schema, from the run's own rows.</summary>
public interface IAnalyticsTransformer
{
    /// <summary>
    /// Computes every analytics table's candidate. Repeatable: candidates of an earlier attempt are replaced.
    /// </summary>
    /// <param name="run">The run, staged.</param>
    /// <param name="asOf">The day that ages are counted to.</param>
    /// <param name="dimensions">The optional files beside the sources.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What quantities and amounts add up to in the run's tables, found in the pass that the figures need anyway.</returns>
    Task<IReadOnlyList<ColumnSum>> BuildAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    );

    /// <summary>Runs every data test on the run's rows and candidates.</summary>
    /// <returns>All tests, by name, those without an offending row too.</returns>
    Task<IReadOnlyList<DataTestResult>> TestAsync(RunId run, CancellationToken cancellationToken);
}
