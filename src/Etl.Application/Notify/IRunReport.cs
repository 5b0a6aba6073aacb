using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>
/// The report of a run: one HTML file that needs nothing beside it. It holds timings, so it is no part of the manifest
/// and may be written again.
/// </summary>
public interface IRunReport
{
    /// <summary>Writes the report beside the run's exports, over one that is there, and as the latest.</summary>
    /// <param name="run">The run, as the ledger and the published analytics know it now.</param>
    /// <param name="warnings">What people should know of this execution; the ledger does not keep it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The location of the run's own report.</returns>
    /// <exception cref="Errors.EtlException">Ledger or analytics cannot be read, or the lake not be written.</exception>
    Task<string> WriteAsync(RunId run, IReadOnlyList<string> warnings, CancellationToken cancellationToken);

    /// <summary>Renders the report to a stream of the caller's, as UTF-8.</summary>
    /// <exception cref="Errors.EtlException">The ledger knows no such run, or cannot be read.</exception>
    Task RenderAsync(RunId run, Stream destination, CancellationToken cancellationToken);
}
