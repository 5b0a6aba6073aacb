using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Application.Operations;

/// <summary>Reads and checks the files of a dataset as a load does, and writes nothing.</summary>
public interface ISourceChecker
{
    /// <summary>
    /// Checks every row. <see cref="FileRecord.Loaded"/> then counts the rows that a load would accept.
    /// </summary>
    /// <exception cref="Errors.EtlException">Bad header, changed file or failed source.</exception>
    Task<IReadOnlyList<StagedFile>> CheckAsync(
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    );
}
