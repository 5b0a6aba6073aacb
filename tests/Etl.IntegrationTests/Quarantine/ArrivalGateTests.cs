using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Quarantine;

/// <summary>Each finding of the arrival gate, by the program itself, under each policy.</summary>
public sealed class ArrivalGateTests(PostgresServer server)
{
    [Theory]
    [InlineData("OnEmptyFile", "source_empty", "The reviews file is empty")]
    [InlineData("OnHeaderOnly", "source_empty", "The reviews file has a header and no row")]
    [InlineData("OnUnchanged", "source_unchanged", "has the same bytes as in the run of 2022-09-05")]
    [InlineData("OnUnusualVolume", "source_volume", "has 40 rows; the previous run had 4 rows")]
    public async Task A_finding_stops_the_day_or_is_said_or_is_allowed(string setting, string code, string words)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().WriteDay(SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(0);
        Plant(shop, setting);

        var failed = await shop.RunAsync(SmallShop.Tuesday, $"--Etl:Quality:{setting}=fail");
        (failed.ExitCode, failed.Code).ShouldBe((3, code));
        failed.Error.ShouldContain(words);
        (await shop.QueryAsync("select distinct run_id from staging.orders")).ShouldBe(["20220905-001"]);

        var warned = await shop.RunAsync(SmallShop.Tuesday, $"--Etl:Quality:{setting}=warn");
        warned.ExitCode.ShouldBe(0, warned.Error);
        warned.Warnings.Count(w => w.Contains(words, StringComparison.Ordinal)).ShouldBe(1);

        var allowed = await shop.RunAsync(SmallShop.Tuesday, $"--Etl:Quality:{setting}=allow", "--force");
        allowed.ExitCode.ShouldBe(0, allowed.Error);
        allowed.Warnings.ShouldNotContain(w => w.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rerun_of_a_day_and_a_forced_run_meet_the_same_bytes_and_nothing_is_said()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();
        File.Delete(shop.FileOf("reviews.csv"));
        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(3);
        shop.Write("reviews.csv", "review,product_id\n5,1\n");

        (await shop.RunAsync(SmallShop.Monday, "--Etl:Quality:OnUnchanged=fail")).ExitCode.ShouldBe(0);
        (await shop.RunAsync(SmallShop.Monday, "--Etl:Quality:OnUnchanged=fail", "--force")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_dataset_that_was_not_delivered_makes_no_number_of_rows_unusual()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay().WriteDay(SmallShop.Tuesday);
        File.Delete(shop.FileOf("reviews.csv"));
        (await shop.RunAsync(SmallShop.Monday, "--Etl:Files:Reviews:Required=false")).ExitCode.ShouldBe(0);

        (await shop.RunAsync(SmallShop.Tuesday, "--Etl:Quality:OnUnusualVolume=fail")).ExitCode.ShouldBe(0);
    }

    private static void Plant(SmallShop shop, string setting)
    {
        var path = shop.FileOf("reviews.csv", SmallShop.Tuesday);
        switch (setting)
        {
            case "OnEmptyFile":
                File.WriteAllText(path, "");
                break;
            case "OnHeaderOnly":
                File.WriteAllText(path, "review,product_id\n");
                break;
            case "OnUnchanged":
                File.Copy(shop.FileOf("reviews.csv"), path, overwrite: true);
                break;
            default:
                File.WriteAllText(path, "review,product_id\n" + string.Concat(Enumerable.Repeat("5,1\n", 40)));
                break;
        }
    }
}
