using System.Globalization;
using System.Text;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Infrastructure.Stage.Rollups;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Stage;

/// <summary>The rollups of the loader have the rows of the statements that define them, or do not exist.</summary>
public sealed class RollupTests(PostgresServer server)
{
    private const string OrdersHeader = "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n";

    [Theory]
    [InlineData("numbers")]
    [InlineData("texts")]
    [InlineData("order lines with refunds")]
    public async Task Rollups_have_the_rows_of_the_statements_that_define_them(string kind)
    {
        var datasets = kind switch
        {
            "numbers" => DatasetCatalog.BuiltIn,
            "texts" => Configured.TextIds,
            _ => Configured.Refunds,
        };
        await using var run = await StagedRun.BeginAsync(
            server,
            new QualityOptions { MaxRejectedPercent = 100 },
            datasets: datasets
        );
        var random = new Random(7);
        await run.LoadPartsAsync("orders", [.. Parts("orders", OrdersHeader, i => Order(i, random, kind))]);
        await run.LoadPartsAsync(
            "reviews",
            [.. Parts("reviews", "review,product_id\n", _ => $"{random.Next(7)},{Product(random, kind)}")]
        );

        foreach (var rollup in RollupsOf(datasets))
        {
            var computed = await RowsAsync(run, rollup.Loaded);
            computed.Count.ShouldBeGreaterThan(1, rollup.Name);
            computed.ShouldBe(await RowsAsync(run, DefinitionOf(rollup)), rollup.Name);
        }
    }

    [Fact]
    public async Task Rollups_of_a_dataset_without_rows_are_empty()
    {
        await using var run = await StagedRun.BeginAsync(server);
        await run.LoadPartsAsync("reviews");
        (await RowsAsync(run, "reviews_by_product_rollup")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    public async Task Rows_that_are_removed_after_they_were_counted_void_the_rollups(bool repeated, int tables)
    {
        await using var run = await StagedRun.BeginAsync(server, keyBudget: 8_000);
        var random = new Random(3);
        var rows = Enumerable.Range(1, 4000).Select(i => Order(i * 7919, random, "valid")).ToList();
        var text = OrdersHeader + string.Join('\n', repeated ? rows.Concat(rows.TakeLast(5)) : rows);
        await run.LoadAsync("orders", text);

        (
            await run.QueryAsync("select count(*)::text from pg_tables where tablename like 'orders_by%rollup'")
        ).ShouldBe([$"{tables}"]);
    }

    private static IReadOnlyList<Rollup> RollupsOf(DatasetCatalog datasets)
    {
        var rollups = new TransformPlan(datasets, MartFiles.BuiltIn).Rollups.All;
        rollups.Select(r => r.Name).Order().ShouldBe(["orders_by_day", "orders_by_product", "reviews_by_product"]);
        return rollups;
    }

    /// <summary>The definition as its file has it.</summary>
    private static string DefinitionOf(Rollup rollup)
    {
        var sql = Intermediate.All.Single(i => i.Name == rollup.Name).Sql;
        var select = sql[(sql.IndexOf(" as\n", StringComparison.Ordinal) + 4)..].TrimEnd().TrimEnd(';');
        return $"({select})";
    }

    /// <summary>As texts, which show the scale of a number, too.</summary>
    private static Task<IReadOnlyList<string>> RowsAsync(StagedRun run, string table) =>
        run.QueryAsync($"set search_path = {StagedRun.Id.Schema}; select r::text from {table} as r order by 1");

    /// <summary>Four parts; the last rows of each repeat keys of the first part.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Parts(string name, string header, Func<int, string> row)
    {
        var rows = Enumerable.Range(1, 2000).Select(row).ToList();
        return rows.Chunk(500)
            .Select(
                (c, i) => ($"{name}-{i}.csv", Encoding.UTF8.GetBytes(header + string.Join('\n', c.Concat(rows[..9]))))
            );
    }

    /// <summary>A few of the rows are invalid, and a few have a total that is not price times quantity.</summary>
    private static string Order(int id, Random random, string kind)
    {
        var sign = kind.EndsWith("refunds", StringComparison.Ordinal) && random.Next(4) == 0 ? -1 : 1;
        var quantity = sign * random.Next(1, 99);
        var cents = random.NextInt64(kind == "valid" ? 5_000 : 100_000_000_000_000);
        var total = random.Next(9) == 0 ? cents : cents % 1_000_000 * quantity;
        var price = Amount(total == cents ? cents : cents % 1_000_000);
        var day = random.Next(50) == 0 && kind != "valid" ? "2022-02-30" : $"2022-02-{random.Next(1, 29):00}";
        return $"{id},1,{day},{Product(random, kind)},{price},{quantity},{Amount(total)}";
    }

    private static string Product(Random random, string kind) =>
        kind == "texts" ? $"\"SKU-{random.Next(30)}, é\"" : $"{random.Next(1, 30)}";

    private static string Amount(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
