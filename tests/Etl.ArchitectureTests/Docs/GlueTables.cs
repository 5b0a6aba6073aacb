using Etl.Domain.Analytics;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using Etl.Infrastructure.Transform;

namespace Etl.ArchitectureTests.Docs;

/// <summary>The exported tables for the module's Glue Data Catalog: their columns, and the keys of their Parquet files.</summary>
internal static class GlueTables
{
    private const string Table = "TABLE";
    private static readonly RunId Run = RunId.Parse("20250630-001");

    /// <summary>The file of the module that declares them.</summary>
    public static string File()
    {
        var ofRun = ExportKey.ParquetOfRun(Run, Table).Split('/');
        var day = Array.FindIndex(ofRun, p => p.EndsWith($"={Run.BusinessDate}", StringComparison.Ordinal));
        string[] lines =
        [
            "# Generated from the analytics tables by tests/Etl.ArchitectureTests with ETL_GOLDEN=write.",
            "locals {",
            "  # Folders below the lake, with the name of a table.",
            $"  parquet_latest  = \"{Folder(ExportKey.LatestParquet(Table).Split('/')[..^1])}\"",
            $"  parquet_history = \"{Folder(ofRun[..day])}\"",
            "  # The folder of a business date below a history.",
            $"  parquet_partition = \"{ofRun[day].Split('=')[0]}=$${{{ofRun[day].Split('=')[0]}}}\"",
            "",
            "  # Columns with their types in PostgreSQL; id(...) is a number or a text, as the settings of IDs say.",
            "  analytics_columns = {",
            .. MartFiles.BuiltIn.All.OrderBy(t => t.Name, StringComparer.Ordinal).SelectMany(Columns),
            "  }",
            "}",
            "",
        ];
        return string.Join('\n', lines);
    }

    private static string Folder(string[] parts) =>
        string.Join('/', parts).Replace(Table, "%s", StringComparison.Ordinal);

    private static IEnumerable<string> Columns(Mart table) =>
        [$"    {table.Name} = [", .. table.Columns.Select(c => $"      \"{c.Name} {TypeOf(c)}\","), "    ]"];

    private static string TypeOf(MartColumn column) =>
        column.Id is { } id ? $"id({id.ToString().ToLowerInvariant()})" : column.TypeName;
}
