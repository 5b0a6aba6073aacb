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
    /// <returns>Sums of quantities and amounts over the run's tables.</returns>
    Task<IReadOnlyList<ColumnSum>> BuildAsync(
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    );

    /// <summary>Runs every data test on the run's rows and candidates.</summary>
    /// <returns>All tests, by name, including those without a violation.</returns>
    Task<IReadOnlyList<DataTestResult>> TestAsync(RunId run, CancellationToken cancellationToken);
}
