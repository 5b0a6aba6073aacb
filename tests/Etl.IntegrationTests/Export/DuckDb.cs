using System.Globalization;
using DuckDB.NET.Data;
using Etl.Domain.Analytics;

namespace Etl.IntegrationTests.Export;

/// <summary>Reads exported files with DuckDB. A row is its values as the CSV writes them, with bars between.</summary>
internal static class DuckDb
{
    /// <summary>The data rows of a CSV file; all values are read as text.</summary>
    public static List<string> Csv(string path) =>
        Rows($"select * from read_csv('{path}', all_varchar = true, header = true)");

    /// <summary>The rows of one Parquet file, without the partitions of its path.</summary>
    public static List<string> Parquet(string path) =>
        Rows($"select * from read_parquet('{path}', hive_partitioning = false)");

    /// <summary>Names and types of the columns of a Parquet file.</summary>
    public static List<string> Schema(string path) =>
        Rows(
            "select column_name, column_type from (describe select * from "
                + $"read_parquet('{path}', hive_partitioning = false))"
        );

    /// <summary>The names and types that the columns of a table have.</summary>
    public static IEnumerable<string> SchemaOf(Mart table) => table.Columns.Select(c => $"{c.Name}|{TypeOf(c)}");

    public static List<string> Rows(string sql)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(
                string.Join(
                    '|',
                    Enumerable
                        .Range(0, reader.FieldCount)
                        .Select(i => reader.IsDBNull(i) ? "" : Show(reader.GetValue(i)))
                )
            );
        }

        return rows;
    }

    private static string TypeOf(MartColumn column) =>
        column.TypeName switch
        {
            "bigint" => "BIGINT",
            "integer" => "INTEGER",
            "boolean" => "BOOLEAN",
            "date" => "DATE",
            "text" => "VARCHAR",
            var numeric => numeric.Replace("numeric", "DECIMAL", StringComparison.Ordinal),
        };

    private static string Show(object value) =>
        value switch
        {
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            decimal amount => amount.ToString("0.00", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
