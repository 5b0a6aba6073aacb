namespace Etl.Domain.Quality;

/// <summary>How many rejected rows of a file a run accepts.</summary>
/// <param name="MaxPercent">Largest share of the file's rows, 0 to 100.</param>
/// <param name="MaxRows">Largest number of rows, or null for none.</param>
public readonly record struct RejectLimit(decimal MaxPercent, long? MaxRows)
{
    /// <summary>Whether the file has more rejects than the run accepts; the limit itself is accepted.</summary>
    public bool IsExceededBy(RowCounts rowCounts) =>
        rowCounts.RejectedPercent > MaxPercent || (MaxRows is { } most && rowCounts.Rejected > most);
}
