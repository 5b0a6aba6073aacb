namespace Etl.Domain.Quality;

/// <summary>What became of the rows of one file: read = loaded + quarantined, or the run fails.</summary>
/// <param name="Read">Data records met in the file, the header not counted.</param>
/// <param name="Loaded">Rows that the database says it holds.</param>
/// <param name="Quarantined">Rows that the quarantine says it counts.</param>
public readonly record struct Books(long Read, long Loaded, long Quarantined)
{
    /// <summary>Whether nothing was lost and nothing was made up.</summary>
    public bool Balance => Read == Loaded + Quarantined;

    /// <summary>The books of two files of one table together.</summary>
    public static Books operator +(Books one, Books other) =>
        new(one.Read + other.Read, one.Loaded + other.Loaded, one.Quarantined + other.Quarantined);

    /// <summary>Share of the rows that was rejected, 0 to 100.</summary>
    public decimal RejectedPercent => Read == 0 ? 0 : 100m * Quarantined / Read;
}
