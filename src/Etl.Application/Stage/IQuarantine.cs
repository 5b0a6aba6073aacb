using Etl.Application.Runs;
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

    /// <summary>The stored rows of a run, by dataset, part and place in the file, as a stream of any length.</summary>
    /// <param name="run">The run.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    IAsyncEnumerable<QuarantinedRow> ReadAsync(RunId run, QuarantineFilter filter, CancellationToken cancellationToken);

    /// <summary>The parts of a dataset with rejected rows, in order; none if the run has recorded no such file.</summary>
    Task<IReadOnlyList<RejectedPart>> ListPartsAsync(RunId run, string dataset, CancellationToken cancellationToken);
}

/// <summary>Chooses rejected rows; what is null is not restricted.</summary>
/// <param name="Dataset">Those of a dataset.</param>
/// <param name="Code">Those rejected for a reason.</param>
/// <param name="Parts">Those of some parts.</param>
public sealed record QuarantineFilter(
    string? Dataset = null,
    RejectCode? Code = null,
    IReadOnlyList<string>? Parts = null
);

/// <summary>A file with rejected rows.</summary>
/// <param name="Part">Its path below the source.</param>
/// <param name="Header">Its header, as its bytes are in the file in UTF-8; empty for a file without one.</param>
/// <param name="Format">Its resolved format, as <see cref="FileFormatJson"/> writes it.</param>
/// <param name="Rejected">Number of rejected rows, stored or not.</param>
public sealed record RejectedPart(string Part, ReadOnlyMemory<byte> Header, string Format, long Rejected);

/// <summary>How many rows were rejected for one reason.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Code">The reason.</param>
/// <param name="Rows">How many.</param>
public sealed record RejectCount(string Dataset, RejectCode Code, long Rows);

/// <summary>A rejected row with its file.</summary>
/// <param name="File">The file's path below the source.</param>
/// <param name="Version">What pinned the file.</param>
/// <param name="Row">The row.</param>
public sealed record QuarantinedRow(string File, string Version, RejectedRow Row);
