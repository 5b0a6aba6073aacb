using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>Reads the rejected rows of runs.</summary>
public interface IQuarantine
{
    /// <summary>The latest run with rejected rows, by start; null if there is none.</summary>
    Task<RunId?> FindLastAsync(CancellationToken cancellationToken);

    /// <summary>The number of a run's rejected rows by dataset and code, stored or not.</summary>
    Task<IReadOnlyList<RejectCount>> CountAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The stored rows of a run, by dataset and in file order, as a stream of any length.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Only this dataset's, or null for all.</param>
    /// <param name="code">Only those rejected for this, or null for all.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    IAsyncEnumerable<QuarantinedRow> ReadAsync(
        RunId run,
        string? dataset,
        RejectCode? code,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The header of the file of a dataset, as its bytes are in the file in UTF-8, empty for a file without one; null if the
    /// run has recorded no such file.
    /// </summary>
    Task<ReadOnlyMemory<byte>?> FindHeaderAsync(RunId run, string dataset, CancellationToken cancellationToken);
}

/// <summary>How many rows were rejected for one reason.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Code">The reason.</param>
/// <param name="Rows">How many.</param>
public sealed record RejectCount(string Dataset, RejectCode Code, long Rows);

/// <summary>A rejected row with its file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Version">What pinned the file.</param>
/// <param name="Row">The row.</param>
public sealed record QuarantinedRow(string File, string Version, RejectedRow Row);
