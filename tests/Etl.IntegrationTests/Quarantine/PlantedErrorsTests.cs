using System.Globalization;
using Etl.Hosts.Console.Samples;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Quarantine;

/// <summary>A dirty sample says where its faults are: all of them are found, and nothing else is.</summary>
public sealed class PlantedErrorsTests(PostgresServer server)
{
    private const int MostRaw = 64 * 1024;

    [Fact]
    public async Task A_run_finds_every_planted_error_and_nothing_else()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        var planted = Plant(shop);
        var run = await shop.RunAsync(SmallShop.Monday, "--Etl:Quality:MaxRejectedPercent=100");
        run.ExitCode.ShouldBe(0, run.Error);

        var found = await shop.QueryAsync(
            """
            select dataset, line::text, byte_offset::text, column_name, code, encode(raw, 'hex') from etl.quarantine q
            order by dataset, q.byte_offset
            """
        );

        found.ShouldBe([.. planted.Select(p => $"{p.Place}|{Convert.ToHexStringLower(p.Raw)}")]);
        planted.Select(p => p.Code).Distinct().Count().ShouldBe(10);
        (await shop.QueryAsync("select dataset, code, rows::text from etl.reject_counts order by 1, 2")).ShouldBe([
            .. CountsOf(planted),
        ]);
    }

    [Fact]
    public async Task A_check_finds_the_same_without_a_database()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        var planted = Plant(shop);

        var check = await CheckAsync(shop);

        check.ExitCode.ShouldBe(0, check.Error);
        List<string> counts = [];
        foreach (var file in check.Json.GetProperty("files").EnumerateArray())
        {
            var dataset = file.GetProperty("dataset").GetString()!;
            var codes = file.GetProperty("rejectsByCode").EnumerateObject();
            counts.AddRange(codes.Select(c => $"{dataset}|{c.Name}|{c.Value.GetInt64()}"));
            var first = file.GetProperty("firstRejects")
                .EnumerateArray()
                .Select(r =>
                    $"{dataset}|{r.GetProperty("line")}|{r.GetProperty("byteOffset")}|{r.GetProperty("column")}|{r.GetProperty("code")}"
                );
            first.ShouldBe(planted.Where(p => p.Dataset == dataset).Take(10).Select(p => p.Place));
        }

        counts.Order(StringComparer.Ordinal).ShouldBe(CountsOf(planted));
    }

    private static Task<Answer> CheckAsync(SmallShop shop) => shop.CheckAsync(SmallShop.Monday);

    private static IEnumerable<string> CountsOf(IEnumerable<Fault> planted) =>
        planted.GroupBy(p => $"{p.Dataset}|{p.Code}").Select(g => $"{g.Key}|{g.Count()}").Order(StringComparer.Ordinal);

    private static List<Fault> Plant(SmallShop shop)
    {
        var folder = Path.GetDirectoryName(shop.FileOf("orders.csv"))!;
        SampleWriter.Write(new SampleOptions(folder, Orders: 3000, Seed: 11, DirtyPercent: 5), CancellationToken.None);
        var files = new Dictionary<string, byte[]>
        {
            ["orders"] = File.ReadAllBytes(shop.FileOf("orders.csv")),
            ["reviews"] = File.ReadAllBytes(shop.FileOf("reviews.csv")),
            ["shipments"] = File.ReadAllBytes(shop.FileOf("shipment_deliveries.csv")),
        };
        return
        [
            .. File.ReadLines(shop.FileOf("planted.csv"))
                .Skip(1)
                .Select(l => l.Split(','))
                .Select(f => new Fault(f[0], f[4], string.Join('|', f), RawOf(files[f[0]], f[2], f[4]))),
        ];
    }

    private static byte[] RawOf(byte[] file, string offset, string code)
    {
        var start = int.Parse(offset, CultureInfo.InvariantCulture);
        var end = Array.IndexOf(file, (byte)'\n', start);
        return code == "record_too_long" ? file[start..(start + MostRaw)] : file[start..end];
    }

    private sealed record Fault(string Dataset, string Code, string Place, byte[] Raw);
}
