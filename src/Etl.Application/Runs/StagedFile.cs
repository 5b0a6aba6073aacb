using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>What became of one file.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="File">The file that was read; null where it was allowed to be missing.</param>
/// <param name="Sha256">Hash of the bytes that were checked, lower-case hex.</param>
/// <param name="BytesRead">Bytes read.</param>
/// <param name="RowCounts">Rows read, loaded by the database's count, and rejected by the database's count.</param>
/// <param name="RejectsByCode">True number of rejected rows by code, kept or not.</param>
/// <param name="FirstRejects">The first few rejected rows, in file order.</param>
/// <param name="IgnoredColumns">Columns of the header that no one asked for.</param>
public sealed record StagedFile(
    string Dataset,
    SourceFile? File,
    string Sha256,
    long BytesRead,
    RowCounts RowCounts,
    IReadOnlyDictionary<RejectCode, long> RejectsByCode,
    IReadOnlyList<RejectedRow> FirstRejects,
    IReadOnlyList<string> IgnoredColumns
)
{
    /// <summary>What the file is to its run.</summary>
    public FileRole Role { get; init; }

    /// <summary>Sums of quantities and amounts over the rows that were accepted; none where nothing was loaded.</summary>
    public IReadOnlyList<ColumnSum> Sums { get; init; } = [];

    /// <summary>The header's bytes as they stand in the file, without BOM and line end: rejected rows are in its order.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }
}
