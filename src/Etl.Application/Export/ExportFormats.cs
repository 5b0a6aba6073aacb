namespace Etl.Application.Export;

/// <summary>The formats that the analytics tables are exported in.</summary>
/// <param name="Others">The formats beside CSV, in which every table is exported.</param>
public sealed record ExportFormats(IReadOnlyList<ExportFormat> Others)
{
    /// <summary>Whether tables are exported as Parquet, too.</summary>
    public bool HasParquet => Others.Contains(ExportFormat.Parquet);
}

/// <summary>A format of an export.</summary>
public enum ExportFormat
{
    /// <summary>Text with a header; it is always exported.</summary>
    Csv,

    /// <summary>Parquet with exact types, in a folder for each table with partitions as Hive names them.</summary>
    Parquet,
}
