using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>Asks for further processes that load parts of a run, each of them <c>etl load</c>.</summary>
public interface ILoaderRequest
{
    /// <summary>
    /// Asks for loaders; does nothing where no setting says how. A repeated request starts more of them, which is harmless: each
    /// ends when no part is left.
    /// </summary>
    /// <param name="run">The run, in progress.</param>
    /// <param name="cancellationToken">Stops the request; loaders may start nevertheless.</param>
    /// <exception cref="EtlException">The request could not be written. The run needs no loaders beside its own.</exception>
    Task SendAsync(RunId run, CancellationToken cancellationToken);
}
