using Etl.Application.Extract;

namespace Etl.Application.Operations;

/// <summary>Reads and checks the optional files beside the sources as a transform does, and writes nothing.</summary>
public interface IDimensionChecker
{
    /// <summary>Reads every record of the files that were found.</summary>
    /// <returns>An error for each file that would stop a run.</returns>
    Task<IReadOnlyList<Errors.EtlError>> CheckAsync(DimensionFiles dimensions, CancellationToken cancellationToken);
}
