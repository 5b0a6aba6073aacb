using System.Text.Json;
using Etl.Domain.Runs;
using Etl.Infrastructure.Export;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Export;

/// <summary>Exports as Parquet, read back by DuckDB.</summary>
public sealed class ParquetTests(PostgresServer server)
{
    private const string Setting = "--Etl:Lake:Formats:0=Parquet";
    private const string Formula = "=1+1";

    [Fact]
    public async Task Every_value_is_that_of_the_CSV_with_its_exact_type()
    {
        await using var place = await PlaceAsync();

        foreach (var table in MartFiles.BuiltIn.All)
        {
            var csv = WithoutGuard(DuckDb.Csv(Path.Combine(Latest(place), $"{table.Name}.csv")));
            foreach (var file in (string[])[OfRun(place, table.Name), OfLatest(place, table.Name)])
            {
                DuckDb.Parquet(file).ShouldBe(csv, table.Name);
            }

            DuckDb.Schema(OfRun(place, table.Name)).ShouldBe(DuckDb.SchemaOf(table), table.Name);
        }
    }

    [Fact]
    public async Task A_text_that_a_spreadsheet_would_run_is_unchanged()
    {
        await using var place = await PlaceAsync();

        DuckDb
            .Rows(
                $"select count(*) from read_parquet('{OfRun(place, "product_performance")}') where product_name = '{Formula}'"
            )
            .ShouldBe(["1"]);
        File.ReadAllText(Path.Combine(Latest(place), "product_performance.csv")).ShouldContain($",'{Formula},");
    }

    [Fact]
    public async Task A_folder_of_a_table_is_a_table_with_partitions_by_day_and_run()
    {
        await using var place = await PlaceAsync();
        (await place.RunAsync(Setting, "--date", "2025-07-01")).ExitCode.ShouldBe(0);

        var folder = Path.Combine(place.Lake, "analytics_export", "tables", "daily_orders");
        DuckDb
            .Rows(
                $"select business_date, run, count(*) from read_parquet('{folder}/**/*.parquet', hive_partitioning = true) "
                    + "group by all order by all"
            )
            .Select(r => r[..r.LastIndexOf('|')])
            .ShouldBe(["2025-06-30|20250630-001", "2025-07-01|20250701-001"]);
    }

    [Fact]
    public async Task The_manifest_has_the_hash_the_size_and_the_schema_of_each_file()
    {
        await using var place = await PlaceAsync();

        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Latest(place), "manifest.json")));
        foreach (var table in manifest.RootElement.GetProperty("tables").EnumerateArray())
        {
            var parquet = table.GetProperty("parquet");
            var bytes = await File.ReadAllBytesAsync(Path.Combine(place.Lake, parquet.GetProperty("key").GetString()!));
            parquet.GetProperty("bytes").GetInt64().ShouldBe(bytes.Length);
            parquet
                .GetProperty("sha256")
                .GetString()
                .ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
            var mart = MartFiles.BuiltIn.All.Single(t => t.Name == table.GetProperty("table").GetString());
            parquet
                .GetProperty("schema")
                .EnumerateArray()
                .Select(c => $"{c.GetProperty("name")} {c.GetProperty("type")}")
                .ShouldBe(mart.Columns.Select(c => $"{c.Name} {c.TypeName}"));
        }
    }

    [Fact]
    public async Task A_rerun_of_the_export_finds_the_same_bytes()
    {
        await using var place = await PlaceAsync();
        var before = MartFiles.BuiltIn.All.ToDictionary(t => t.Name, t => File.ReadAllBytes(OfRun(place, t.Name)));
        await place.Database.ExecuteAsync(
            "update etl.runs set exported_at = null, lease_until = null, lease_owner = null, finished_at = null"
        );
        File.Delete(OfRun(place, "daily_orders"));

        var again = await place.RunAsync(Setting);

        again.ExitCode.ShouldBe(0, again.Error);
        foreach (var (table, bytes) in before)
        {
            File.ReadAllBytes(OfRun(place, table)).ShouldBe(bytes, table);
        }
    }

    [Fact]
    public async Task Without_the_setting_no_Parquet_is_written()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        Directory.GetFiles(place.Lake, "*.parquet", SearchOption.AllDirectories).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(Latest(place), "manifest.json")).ShouldNotContain("parquet");
        (await place.RunAsync("--Etl:Lake:Formats:0=Orc", "--force")).ShouldFail(2, "Etl:Lake:Formats");
    }

    [Fact]
    public async Task Rows_are_written_in_groups_so_that_memory_is_bounded()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            """
            insert into analytics.product_performance
            select n, 'P', 0, 0, -1.5, 0, 0, 0, 0, 0, 0, 0, 0, 0 from generate_series(1, 120000) as n
            """
        );
        await using var snapshot = await new AnalyticsReader(
            database.DataSource,
            Options.Create(new SchemaOptions())
        ).OpenAsync(RunId.Parse("20220905-001"), CancellationToken.None);
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Root, "p.parquet");
        await using (var stream = File.Create(file))
        {
            var table = MartFiles.BuiltIn.All.Single(t => t.Name == "product_performance");
            (await snapshot.WriteParquetAsync(table, stream, CancellationToken.None)).Rows.ShouldBe(120_000);
        }

        DuckDb
            .Rows($"select distinct row_group_id, row_group_num_rows from parquet_metadata('{file}') order by all")
            .ShouldBe(["0|50000", "1|50000", "2|20000"]);
        DuckDb
            .Rows($"select count(*), sum(product_id), sum(revenue) from read_parquet('{file}')")
            .ShouldBe(["120000|7200060000|-180000.00"]);
    }

    private async Task<Workplace> PlaceAsync()
    {
        var place = await Workplace.CreateAsync(server, migrated: true);
        await File.WriteAllTextAsync(
            place.SourceFile("dim_products.csv"),
            $"product_id,product_category,product_name\n1,c,{Formula}\n2,c,\"a, \"\"b\"\" é\"\n"
        );
        var run = await place.RunAsync(Setting);
        run.ExitCode.ShouldBe(0, run.Error + run.Out);
        return place;
    }

    private static string Latest(Workplace place) => Path.Combine(place.Lake, "analytics_export", "latest");

    private static string OfLatest(Workplace place, string table) =>
        Path.Combine(Latest(place), table, $"{table}.parquet");

    private static string OfRun(Workplace place, string table) =>
        Path.Combine(
            place.Lake,
            "analytics_export",
            "tables",
            table,
            $"business_date={Workplace.Day}",
            "run=20250630-001",
            $"{table}.parquet"
        );

    /// <summary>Texts of a CSV file are guarded against formulas, those of a Parquet file are not.</summary>
    private static List<string> WithoutGuard(List<string> rows) =>
        rows.ConvertAll(r => r.Replace($"'{Formula}", Formula, StringComparison.Ordinal));
}
