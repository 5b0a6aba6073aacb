using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class SqlFileTests(PostgresServer server)
{
    private static readonly TransformPlan Plan = new(DatasetCatalog.BuiltIn, MartFiles.BuiltIn);

    private static readonly string[] Files =
    [
        .. SqlFile.In("Transform/Intermediate"),
        .. SqlFile.In("Transform/Marts"),
        .. SqlFile.In("Transform/Tests"),
    ];

    [Fact]
    public void Every_file_is_computed_after_its_inputs()
    {
        var computed = Plan.Views.Select(v => v.Name).Concat(Plan.Steps).ToList();
        computed
            .Order()
            .ShouldBe(Files.Where(f => !f.Contains("/Tests/")).Select(TableOf).Append("calendar").Distinct().Order());
        foreach (var mart in MartFiles.BuiltIn.All)
        {
            var before = computed.Take(computed.IndexOf(mart.Name)).Append("run");
            mart.Inputs.ShouldAllBe(i => before.Contains(i), mart.Name);
        }

        Plan.Joins.ShouldBe(["shipments_by_state"]);
        Plan.BesideJoins.Concat(Plan.Joins).Concat(Plan.AfterJoins).ShouldBe(Plan.Steps, ignoreOrder: true);
        Plan.AfterJoins.Order()
            .ShouldBe([
                "agg_shipments",
                "best_performing_product",
                "product_performance",
                "shipment_status",
                "shipments_by_product",
            ]);
        Plan.Sums.Select(s => $"{s.Dataset}: {s.Table}").ShouldBe(["orders: best_product_days"]);
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
            string[] words =
                file.Contains("/Tests/") ? ["severity", "meaning", "inputs"]
                : file.Contains("/Marts/") ? ["grain", "inputs", "key"]
                : ["grain", "inputs", "key", "safe twice"];
            words.ShouldAllBe(word => text.Contains($"\n-- {word}: ") || text.StartsWith($"-- {word}: "), file);
        }
    }

    [Theory]
    [InlineData("orders.order_id is unique", "orders_once.sql")]
    [InlineData("orders.order_id is not unique", "orders_once.order_lines.sql")]
    public void The_key_of_the_orders_selects_the_variant_of_a_table(string when, string file)
    {
        var lines = Configured.With(
            new IdOptions(),
            section => new FileFormatOptions { Key = section == "Orders" ? ["order_id", "product_id"] : null }
        );
        var datasets = when.Contains(" not ", StringComparison.Ordinal) ? lines : DatasetCatalog.BuiltIn;
        var chosen = Intermediate.Of(datasets);
        chosen.Select(i => i.Name).ShouldBeUnique();
        var view = chosen.Single(i => i.Name == "orders_once");
        (view.When, view.Sql).ShouldBe((when, SqlFile.Read($"Transform/Intermediate/{file}")));
        Should
            .Throw<EtlException>(() => Intermediate.Parse("x.sql", view.Sql.Replace(when, "the moon is full")))
            .Error.Message.ShouldStartWith("x.sql, line 2: 'the moon is full' is not a condition");
    }

    [Fact]
    public async Task A_view_of_the_orders_costs_a_shipment_nothing()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.BuildAsync();
        const string Join =
            "explain (costs off) select s.order_id, o.product_id, o.order_date from shipments s left join";
        (await run.RowsAsync($"{Join} orders_once o on o.order_id = s.order_id")).ShouldBe(
            (await run.RowsAsync($"{Join} orders o on o.order_id = s.order_id")).Select(l =>
                l.Replace("orders o", "orders", StringComparison.Ordinal)
                    .Replace("o.order_id", "orders.order_id", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task PostgreSQL_plans_every_file()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.BuildAsync();
        foreach (var file in Files)
        {
            // A table that is there already would be refused before it is planned.
            var table = TableOf(file);
            var sql = SqlFile
                .Read(file)
                .Replace($"create view {table} as", "", StringComparison.Ordinal)
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
            var made = string.Join(", ", Plan.Tables.Except(["run", "products", "calendar"]));
            var views = string.Join(", ", Plan.Views.Select(v => v.Name));
            await run.ExecuteAsync(
                $"set search_path = {ShopRun.Id.Schema}; drop view {views}; drop table {made}; delete from products"
            );
            var tables = Plan.Views.Select(v => v.Name).Concat(Plan.Steps);
            foreach (var table in tables.Where(t => t != "calendar"))
            {
                var mart = MartFiles.BuiltIn.All.FirstOrDefault(m => m.Name == table);
                var file = $"Transform/{(mart is null ? "Intermediate" : "Marts")}/{table}.sql";
                (await PsqlAsync(run, folder, file)).ShouldNotBeEmpty();
                if (mart is not null)
                {
                    var columns = string.Join(", ", mart.Columns.Select(c => c.Name));
                    await run.ExecuteAsync(
                        $"set search_path = {ShopRun.Id.Schema}; create table {table} (like analytics.{table} including all); "
                            + $"insert into {table} ({columns}) {mart.Sql}"
                    );
                }
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

    /// <summary>A variant has the name of its table before its own.</summary>
    private static string TableOf(string file) => Path.GetFileName(file).Split('.')[0];

    private static async Task<IReadOnlyList<string>> FiguresAsync(ShopRun run)
    {
        var figures = new List<string>();
        foreach (var table in MartFiles.BuiltIn.All)
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
