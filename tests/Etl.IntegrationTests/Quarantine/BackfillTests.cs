using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Quarantine;

public sealed class BackfillTests(PostgresServer server)
{
    private const string Wednesday = "2022-09-07";

    [Fact]
    public async Task Each_day_has_its_own_run_in_order_and_one_document_reports_all()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().WriteDay(SmallShop.Tuesday).WriteDay(Wednesday);
        (await shop.RunAsync(SmallShop.Tuesday)).ExitCode.ShouldBe(0);

        var backfill = await BackfillAsync(shop, SmallShop.Monday, Wednesday);

        backfill.ExitCode.ShouldBe(0, backfill.Error);
        backfill
            .Json.GetProperty("runs")
            .EnumerateArray()
            .Select(r => $"{r.GetProperty("businessDate")} {r.GetProperty("status")}")
            .ShouldBe(["2022-09-05 succeeded", "2022-09-06 already_done", "2022-09-07 succeeded"]);
        (await shop.QueryAsync("select run_id, trigger from etl.runs order by started_at")).ShouldBe([
            "20220906-001|manual",
            "20220905-001|backfill",
            "20220907-001|backfill",
        ]);
        (await shop.QueryAsync("select ingestion_date::text from analytics.agg_shipments order by 1")).ShouldBe([
            SmallShop.Monday,
            SmallShop.Tuesday,
            Wednesday,
        ]);
    }

    [Fact]
    public async Task It_stops_at_the_first_day_that_fails()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().WriteDay(SmallShop.Tuesday).WriteDay(Wednesday);
        File.Delete(shop.FileOf("orders.csv", SmallShop.Tuesday));

        var backfill = await BackfillAsync(shop, SmallShop.Monday, Wednesday);

        (backfill.ExitCode, backfill.Code).ShouldBe((3, "source_missing"));
        backfill.Json.GetProperty("status").GetString().ShouldBe("failed");
        (await shop.QueryAsync("select run_id, status from etl.runs order by run_id")).ShouldBe([
            "20220905-001|succeeded",
            "20220906-001|failed",
        ]);
    }

    [Fact]
    public async Task A_source_that_is_the_same_for_every_day_and_days_turned_round_are_refused()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        (await BackfillAsync(shop, Wednesday, SmallShop.Monday)).ExitCode.ShouldBe(2);
        var same = await shop.EtlAsync([
            "backfill",
            "--from",
            SmallShop.Monday,
            "--to",
            Wednesday,
            "--source",
            shop.Folder,
            "--lake",
            shop.Lake,
        ]);
        same.ExitCode.ShouldBe(2);
        same.Error.ShouldContain("{date}");
        (await shop.QueryAsync("select count(*)::text from etl.runs")).ShouldBe(["0"]);
    }

    private static Task<Answer> BackfillAsync(SmallShop shop, string from, string to) =>
        shop.EtlAsync(["backfill", "--from", from, "--to", to, "--source", shop.Source, "--lake", shop.Lake]);
}
