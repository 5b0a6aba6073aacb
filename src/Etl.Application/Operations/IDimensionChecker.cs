using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;

namespace Etl.Application.Operations;

/// <summary>Reads and checks the optional files beside the sources as a transform does, and writes nothing.</summary>
public interface IDimensionChecker
{
    /// <summary>Reads every record of the files that were found.</summary>
    Task<DimensionCheck> CheckAsync(DimensionFiles dimensions, CancellationToken cancellationToken);
}

/// <summary>The result of a check of the optional files.</summary>
/// <param name="Warnings">Conditions that would not stop a run.</param>
/// <param name="Errors">An error for each file that would stop a run.</param>
public sealed record DimensionCheck(IReadOnlyList<RunWarning> Warnings, IReadOnlyList<EtlError> Errors);
