using System.Globalization;
using Etl.IntegrationTests.Console;
using Shouldly;

namespace Etl.IntegrationTests.Distribution;

/// <summary>Shipments of two parts with the same key, whose rows other columns send to other nodes.</summary>
internal static class ScatteredKeys
{
    private const int Shipments = 400;

    public static async Task RunAsync(Workplace place)
    {
        foreach (var file in Directory.GetFiles(place.Source, "shipment*"))
        {
            File.Delete(file);
        }

        // The second part repeats every other key, with the order of another shipment.
        await WriteAsync(place, "shipments-1.csv", Enumerable.Range(1, Shipments).Select(i => (i, i)));
        var repeated = Enumerable.Range(1, Shipments / 2).Select(i => (2 * i, Shipments + i));
        await WriteAsync(place, "shipments-2.csv", repeated.Append((Shipments + 1, 1)));

        var run = await place.RunAsync(
            "--Etl:Postgres:Distribution=Citus",
            "--Etl:Run:Loaders=1",
            "--Etl:Files:Shipments:Names:0=shipments-*.csv",
            "--Etl:Files:Shipments:Parts=All",
            "--Etl:Quality:MaxRejectedPercent=100"
        );

        run.ExitCode.ShouldBe(0, run.Error);
        (await place.RowsAsync("(select count(*), max(order_id), max(shipment_id) from staging.shipments)")).ShouldBe([
            $"({Shipments + 1},{Shipments},{Shipments + 1})",
        ]);
        (
            await place.RowsAsync("(select part, count(*) from etl.quarantine where dataset = 'shipments' group by 1)")
        ).ShouldBe([$"(shipments-2.csv,{Shipments / 2})"]);
        (await place.QueryAsync<long>("select count(*) from pg_class where relname like '% keys'")).ShouldBe(0);
    }

    private static Task WriteAsync(Workplace place, string name, IEnumerable<(int Shipment, int Order)> rows) =>
        File.WriteAllLinesAsync(
            place.SourceFile(name),
            rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Shipment},{r.Order},2025-06-01,"))
                .Prepend("shipment_id,order_id,shipment_date,delivery_date")
        );
}
