using Etl.Application.Export;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Export.Lake;

/// <summary>Location of the exports. Section <c>Etl:Lake</c>.</summary>
public sealed class LakeOptions
{
    /// <summary>
    /// A folder's path or <c>file://</c> address, or <c>s3://bucket/prefix</c>. Missing folders are created. A relative path
    /// starts at the working folder. One location for all business dates. Required.
    /// </summary>
    [Location]
    public string? Uri { get; set; }

    /// <summary>
    /// Formats of the exported tables. CSV is always written; <see cref="ExportFormat.Parquet"/> adds files with exact types for
    /// DuckDB, Athena and Spark. Default <see cref="ExportFormat.Csv"/>.
    /// </summary>
    public IList<ExportFormat>? Formats { get; set; }
}
