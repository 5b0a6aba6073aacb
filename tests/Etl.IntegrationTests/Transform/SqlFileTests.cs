using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Etl.Domain.Analytics;
using Etl.Infrastructure.Postgres;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class SqlFileTests(PostgresServer server)
{
    /// <summary>In an order in which each finds its inputs.</summary>
    private static readonly string[] Facts =
    [
        "orders_by_day",
        "orders_by_product",
        "reviews_by_product",
        "shipments_by_state",
        "shipments_by_product",
        "products",
        "best_product",
        "best_product_days",
    ];

    private static readonly string[] Files =
    [
        .. SqlFile.In("Transform/Intermediate"),
        .. SqlFile.In("Transform/Marts"),
        .. SqlFile.In("Transform/Tests"),
    ];

    [Fact]
    public void Every_analytics_table_has_its_file_and_every_file_is_known_here()
    {
        SqlFile
            .In("Transform/Marts")
            .ShouldBe(MartCatalog.BuiltIn.All.Select(t => $"Transform/Marts/{t.Name}.sql").Order());
        SqlFile.In("Transform/Intermediate").ShouldBe(Facts.Order().Select(f => $"Transform/Intermediate/{f}.sql"));
    }

    [Fact]
    public void Every_file_is_one_statement_and_those_that_write_say_grain_inputs_key_and_why_they_are_safe_twice()
    {
        foreach (var file in Files)
        {
            var text = SqlFile.Read(file);
            var statement = string.Join(
                '\n',
                text.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal))
            );
            statement.Count(c => c == ';').ShouldBe(1, file);
            text.ShouldEndWith(";\n");
            string[] words = file.Contains("/Tests/")
                ? ["severity", "meaning"]
                : ["grain", "inputs", "key", "safe twice"];
            words.ShouldAllBe(word => text.Contains($"\n-- {word}: ") || text.StartsWith($"-- {word}: "), file);
        }
    }

    [Fact]
    public async Task PostgreSQL_plans_every_file()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.BuildAsync();
        foreach (var file in Files)
        {
            // A table that is there already would be refused before it is planned.
            var table = Path.GetFileNameWithoutExtension(file);
            var sql = SqlFile
                .Read(file)
                .Replace($"create table {table} as", "create table fresh as", StringComparison.Ordinal);
            (await run.RowsAsync($"explain {sql}")).Count.ShouldBeGreaterThan(0, file);
        }
    }

    [Fact]
    public async Task Psql_runs_every_file_as_it_stands_with_the_same_figures()
    {
        await using var run = await ShopRun.CreateAsync(server);
        run.Order("2021-01-01", 1).Order("2022-08-01", 2).Reviews(1, 5, 4).Reviews(2, 1).Shipment(1, "2021-01-09");
        await run.BuildAsync();
        var figures = await FiguresAsync(run);
        var folder = Directory.CreateTempSubdirectory("etl-psql-");
        try
        {
            var made = string.Join(
                ", ",
                Facts.Where(f => f != "products").Concat(MartCatalog.BuiltIn.All.Select(t => t.Name))
            );
            await run.ExecuteAsync($"set search_path = {ShopRun.Id.Schema}; drop table {made}; delete from products");
            foreach (var fact in Facts)
            {
                await PsqlAsync(run, folder, $"Transform/Intermediate/{fact}.sql");
            }

            foreach (var table in MartCatalog.BuiltIn.All)
            {
                await run.ExecuteAsync(
                    $"create table {ShopRun.Id.Schema}.{table.Name} (like analytics.{table.Name} including all)"
                );
                await PsqlAsync(run, folder, $"Transform/Marts/{table.Name}.sql");
            }

            (await FiguresAsync(run)).ShouldBe(figures);
            foreach (var test in SqlFile.In("Transform/Tests"))
            {
                (await PsqlAsync(run, folder, test)).ShouldEndWith("(0 rows)", customMessage: test);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> FiguresAsync(ShopRun run)
    {
        var figures = new List<string>();
        foreach (var table in MartCatalog.BuiltIn.All)
        {
            figures.AddRange(
                await run.RowsAsync($"select * from {table.Name} order by {string.Join(", ", table.Key)}")
            );
        }

        figures.Count.ShouldBeGreaterThan(6);
        return figures;
    }

    private static async Task<string> PsqlAsync(ShopRun run, DirectoryInfo folder, string file)
    {
        var path = Path.Combine(folder.FullName, Path.GetFileName(file));
        await File.WriteAllTextAsync(path, SqlFile.Read(file));
        var connection = new NpgsqlConnectionStringBuilder(run.ConnectionString);
        var start = new ProcessStartInfo("psql", ["-X", "-v", "ON_ERROR_STOP=1", "-f", path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = connection.Host,
                ["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture),
                ["PGDATABASE"] = connection.Database,
                ["PGUSER"] = connection.Username,
                ["PGPASSWORD"] = connection.Password,
                ["PGOPTIONS"] = $"-c search_path={ShopRun.Id.Schema}",
            },
        };
        using var psql = Start(start);
        var error = psql.StandardError.ReadToEndAsync();
        var output = await psql.StandardOutput.ReadToEndAsync();
        await psql.WaitForExitAsync();
        psql.ExitCode.ShouldBe(0, $"{file}: {await error}");
        return output.Trim();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("psql is not on PATH.");
            throw;
        }
    }
}
