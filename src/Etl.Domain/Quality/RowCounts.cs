namespace Etl.Domain.Quality;

/// <summary>The row counts of one file. A run fails where read is not loaded + rejected.</summary>
/// <param name="Read">Data records in the file, without the header.</param>
/// <param name="Loaded">Rows that the database counts in the table.</param>
/// <param name="Rejected">Rows that the quarantine counts.</param>
public readonly record struct RowCounts(long Read, long Loaded, long Rejected)
{
    /// <summary>Whether every record was loaded or rejected, and no other row was.</summary>
    public bool IsReconciled => Read == Loaded + Rejected;

    /// <summary>The counts of two files of one table together.</summary>
    public static RowCounts operator +(RowCounts one, RowCounts other) =>
        new(one.Read + other.Read, one.Loaded + other.Loaded, one.Rejected + other.Rejected);

    /// <summary>Share of the rows that was rejected, 0 to 100.</summary>
    public decimal RejectedPercent => Read == 0 ? 0 : 100m * Rejected / Read;
}
