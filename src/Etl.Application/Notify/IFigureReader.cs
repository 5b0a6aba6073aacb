using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Reads the figures of the message.</summary>
public interface IFigureReader
{
    /// <summary>The figures of a published run, compared with those of the published run before it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="before">The published run before it; null for the first.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null if the run has no such tables, because its host has other analytics tables or they were dropped.</returns>
    /// <exception cref="Errors.EtlException">The database reported an error.</exception>
    Task<BusinessFigures?> ReadAsync(RunId run, RunId? before, CancellationToken cancellationToken);
}
