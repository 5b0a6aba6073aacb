using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage;

/// <summary>A part whose rows are in their table.</summary>
/// <param name="dataset">The dataset.</param>
/// <param name="file">The part.</param>
/// <param name="result">What was read.</param>
/// <param name="rows">Rows that the database counted into the table.</param>
/// <param name="sums">Their sums.</param>
internal sealed class LoadedPart(
    Dataset dataset,
    SourceFile file,
    SnapshotResult result,
    long rows,
    IReadOnlyList<ColumnSum> sums
)
{
    private readonly SumTally withdrawn = new(dataset);
    private long withdrawnRows;

    public ReadPart Read { get; } = new(file, result);

    public SourceFile File => file;

    public SnapshotResult Result => result;

    /// <summary>The rows that stay.</summary>
    public long Rows => rows - withdrawnRows;

    /// <summary>Whether rows were taken back.</summary>
    public bool HasWithdrawn => withdrawnRows > 0;

    /// <summary>Their sums.</summary>
    public IReadOnlyList<ColumnSum> Sums => SumTally.Less(sums, withdrawn.Sums);

    /// <summary>Takes back a row that is rejected after all.</summary>
    public void Withdraw(long[] row)
    {
        withdrawn.Add(row);
        withdrawnRows++;
        result.Validator.Negatives.Count(row, times: -1);
    }
}
