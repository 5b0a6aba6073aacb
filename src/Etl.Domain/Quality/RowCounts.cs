namespace Etl.Domain.Quality;

/// <summary>The row counts of one file. A run fails where read is not loaded + rejected + skipped.</summary>
/// <param name="Read">Records in the file, without the header.</param>
/// <param name="Loaded">Rows that the database counts in the table.</param>
/// <param name="Rejected">Rows that the quarantine counts.</param>
/// <param name="Skipped">Records that hold no row: lines without a value, and repeated headers.</param>
public readonly record struct RowCounts(long Read, long Loaded, long Rejected, long Skipped = 0)
{
    /// <summary>Records that hold a row.</summary>
    public long Rows => Read - Skipped;

    /// <summary>Whether every row was loaded or rejected, and no other row was.</summary>
    public bool IsReconciled => Rows == Loaded + Rejected;

    /// <summary>The counts of two files of one table together.</summary>
    public static RowCounts operator +(RowCounts one, RowCounts other) =>
        new(
            one.Read + other.Read,
            one.Loaded + other.Loaded,
            one.Rejected + other.Rejected,
            one.Skipped + other.Skipped
        );

    /// <summary>Share of the rows that was rejected, 0 to 100.</summary>
    public decimal RejectedPercent => Rows == 0 ? 0 : 100m * Rejected / Rows;
}
