using Etl.Domain.Runs;

namespace Etl.Domain.Lake;

/// <summary>Keys of the objects in the lake, relative to its root, with forward slashes.</summary>
public static class ExportKey
{
    private const string Root = "analytics_export";

    /// <summary>The name of the object that is written last.</summary>
    public const string ManifestName = "manifest.json";

    private const string ReportName = "report.html";

    /// <summary>A table of a run; written once, never replaced.</summary>
    public static string OfRun(RunId run, string table) => $"{RunFolder(run)}/{table}.csv";

    /// <summary>
    /// A table of a run as Parquet; written once, never replaced. Each table has a folder of its own, because a reader of such
    /// folders takes all files below one for the same table.
    /// </summary>
    public static string ParquetOfRun(RunId run, string table) =>
        $"{Root}/tables/{table}/business_date={run.BusinessDate}/run={run}/{table}.parquet";

    /// <summary>A run's manifest; written once, after all its tables.</summary>
    public static string ManifestOfRun(RunId run) => $"{RunFolder(run)}/{ManifestName}";

    /// <summary>A table of the latest run.</summary>
    public static string Latest(string table) => $"{Root}/latest/{table}.csv";

    /// <summary>A table of the latest run as Parquet, in a folder of its own.</summary>
    public static string LatestParquet(string table) => $"{Root}/latest/{table}/{table}.parquet";

    /// <summary>The latest run's manifest; replaced after all its tables.</summary>
    public static string LatestManifest => $"{Root}/latest/{ManifestName}";

    /// <summary>A run's HTML report; it may be replaced.</summary>
    public static string ReportOfRun(RunId run) => $"{RunFolder(run)}/{ReportName}";

    /// <summary>The report of the run that ended last.</summary>
    public static string LatestReport => $"{Root}/latest/{ReportName}";

    /// <summary>The folder of a run.</summary>
    public static string RunFolder(RunId run) => $"{Root}/business_date={run.BusinessDate}/run={run}";
}
