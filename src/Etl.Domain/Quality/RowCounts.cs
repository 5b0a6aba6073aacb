namespace Etl.Domain.Quality;

/// <summary>What became of the rows of one file: read = loaded + rejected, or the run fails.</summary>
/// <param name="Read">Data records met in the file, the header not counted.</param>
/// <param name="Loaded">Rows that the database says it holds.</param>
/// <param name="Rejected">Rows that the quarantine says it counts.</param>
public readonly record struct RowCounts(long Read, long Loaded, long Rejected)
{
    /// <summary>Whether nothing was lost and nothing was made up.</summary>
    public bool IsReconciled => Read == Loaded + Rejected;

    /// <summary>The rowCounts of two files of one table together.</summary>
    public static RowCounts operator +(RowCounts one, RowCounts other) =>
        new(one.Read + other.Read, one.Loaded + other.Loaded, one.Rejected + other.Rejected);

    /// <summary>Share of the rows that was rejected, 0 to 100.</summary>
    public decimal RejectedPercent => Read == 0 ? 0 : 100m * Rejected / Read;
}
