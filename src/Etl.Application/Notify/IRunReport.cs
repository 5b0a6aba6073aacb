using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>
/// The report of a run: one self-contained HTML file. It holds timings, so it is not listed in the manifest and can be replaced.
/// </summary>
public interface IRunReport
{
    /// <summary>Writes or replaces the report beside the run's exports, and as the latest.</summary>
    /// <param name="run">The run, in its current state in the ledger.</param>
    /// <param name="warnings">The warnings of this invocation; the ledger does not record them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The location of the run's own report.</returns>
    /// <exception cref="Errors.EtlException">Ledger or analytics cannot be read, or the lake not be written.</exception>
    Task<string> WriteAsync(RunId run, IReadOnlyList<RunWarning> warnings, CancellationToken cancellationToken);

    /// <summary>Renders the report to the caller's stream, as UTF-8.</summary>
    /// <exception cref="Errors.EtlException">The run is not in the ledger, or the ledger cannot be read.</exception>
    Task RenderAsync(RunId run, Stream destination, CancellationToken cancellationToken);
}
