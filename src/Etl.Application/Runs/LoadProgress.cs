namespace Etl.Application.Runs;

/// <summary>How far a load is.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="BytesRead">Bytes read so far.</param>
/// <param name="TotalBytes">The file's size.</param>
/// <param name="RowsRead">Records read so far.</param>
public readonly record struct LoadProgress(string Dataset, long BytesRead, long TotalBytes, long RowsRead);
