using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

/// <summary>The published figures of a real shop's files, where those lie beside the repository.</summary>
public class RealDataTests(PostgresServer server)
{
    [Fact]
    public async Task Real_files_give_the_figures_that_others_have_computed()
    {
        var folder = Folder();
        await using var run = await ShopRun.CreateAsync(server);
        foreach (var dataset in DatasetCatalog.BuiltIn.All)
        {
            await CopyAsync(run, dataset, Path.Combine(folder, dataset.FileNames[0]));
        }

        run.Products = run.Files.Add(
            "dim_products.csv",
            await File.ReadAllBytesAsync(Path.Combine(folder, "dim_products.csv"))
        );
        run.Dates = run.Files.Add("dim_dates.csv", await File.ReadAllBytesAsync(Path.Combine(folder, "dim_dates.csv")));
        await run.BuildAsync();

        (await run.RowAsync("select * from agg_public_holiday")).ShouldBe("2022-09-05|20|0|16|20|0|0|0|18|0|16|12|0");
        (await run.RowAsync("select * from agg_shipments")).ShouldBe("2022-09-05|175|6586");
        (await run.RowAsync("select * from best_performing_product")).ShouldBe(
            "2022-09-05|Scooter|2022-01-06|false|967|17.15|20.39|17.80|21.68|22.98|95.59|4.41"
        );
        (await run.RowAsync("select sum(orders), count(*) from product_performance")).ShouldBe("10000|25");
        (await run.FindingsAsync()).ShouldBe(["delivery_after_as_of 23", "shipment_after_as_of 12"]);
    }

    private static async Task CopyAsync(ShopRun run, Dataset dataset, string file)
    {
        var columns = string.Join(", ", dataset.Columns.Select(c => c.Name));
        await using var connection = await run.DataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginTextImportAsync(
            $"copy {ShopRun.Id.Schema}.{dataset.Name} ({columns}) from stdin (format csv, header)"
        );
        await copy.WriteAsync(await File.ReadAllTextAsync(file));
    }

    private static string Folder()
    {
        var folder = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "d2b"));
        if (!Directory.Exists(folder))
        {
            Assert.Skip("../shared/data/d2b is not beside the repository.");
        }

        return folder;
    }
}
