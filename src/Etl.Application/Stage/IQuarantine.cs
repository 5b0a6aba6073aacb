using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>Reads the rejected rows that runs left behind.</summary>
public interface IQuarantine
{
    /// <summary>The run that began last among those with rejected rows; null where there is none.</summary>
    Task<RunId?> FindLastAsync(CancellationToken cancellationToken);

    /// <summary>The true number of a run's rejected rows, kept or not, by dataset and code.</summary>
    Task<IReadOnlyList<RejectCount>> CountAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The kept rows of a run, by dataset and in file order, as a stream of any length.</summary>
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
    /// The header of the file whose rows of a dataset the run rejected, as its bytes stand in the file; null where the run
    /// has recorded no such file.
    /// </summary>
    Task<ReadOnlyMemory<byte>?> FindHeaderAsync(RunId run, string dataset, CancellationToken cancellationToken);
}

/// <summary>How many rows were rejected for one reason.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Code">The reason.</param>
/// <param name="Rows">How many.</param>
public sealed record RejectCount(string Dataset, RejectCode Code, long Rows);

/// <summary>A rejected row, with the file that it stood in.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Version">What pinned the file.</param>
/// <param name="Row">The row.</param>
public sealed record QuarantinedRow(string File, string Version, RejectedRow Row);
