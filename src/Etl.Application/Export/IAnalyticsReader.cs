using Etl.Domain.Analytics;
using Etl.Domain.Runs;

namespace Etl.Application.Export;

/// <summary>Reads the published analytics for the export.</summary>
public interface IAnalyticsReader
{
    /// <summary>Opens one consistent view of all published tables, for as long as it is not disposed.</summary>
    Task<IAnalyticsSnapshot> OpenAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>One consistent view of all published tables.</summary>
public interface IAnalyticsSnapshot : IAsyncDisposable
{
    /// <summary>
    /// Writes a whole table as CSV, in key order: UTF-8 without BOM, LF, ISO dates, <c>true</c> and <c>false</c>,
    /// decimals with a point and two places, quotes only where needed, formulas of spreadsheets guarded.
    /// </summary>
    /// <returns>The number of data rows and the header's names.</returns>
    Task<WrittenTable> WriteCsvAsync(Mart table, Stream destination, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the same rows as Parquet: decimals, dates and booleans with their exact types, texts as they are, every column
    /// optional.
    /// </summary>
    /// <returns>The number of rows and the names of the columns.</returns>
    Task<WrittenTable> WriteParquetAsync(Mart table, Stream destination, CancellationToken cancellationToken);
}

/// <summary>What was written of a table.</summary>
/// <param name="Rows">Data rows.</param>
/// <param name="Columns">The header's names, in order.</param>
public sealed record WrittenTable(long Rows, IReadOnlyList<string> Columns);
