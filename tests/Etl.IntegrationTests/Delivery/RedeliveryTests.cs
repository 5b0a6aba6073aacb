using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Delivery;

/// <summary>Files of a published day that are delivered again.</summary>
public sealed class RedeliveryTests(PostgresServer server)
{
    private const string Rerun = "--Etl:Run:OnRedelivery=Rerun";
    private const string Redelivered = "select count(*)::text from etl.messages where outcome = 'redelivered'";
    private const string Status = "select run_id, status, trigger from etl.runs where business_date = '2022-09-06'";
    private const string Published = "select run_id, count(*)::text from staging.orders group by 1";

    [Fact]
    public async Task A_complete_delivery_after_a_cut_off_one_is_reported_and_notified_once()
    {
        await using var shop = await CutOffDayAsync();
        WriteComplete(shop);

        for (var start = 0; start < 3; start++)
        {
            var again = await shop.RunAsync(SmallShop.Tuesday);
            (again.ExitCode, again.Json.GetProperty("status").GetString()).ShouldBe((0, "already_done"), again.Error);
            again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
            again
                .Warnings.ShouldHaveSingleItem()
                .ShouldMatch(
                    @"^The source changed since run 20220906-001: orders\.csv has \d+ bytes instead of \d+\. "
                        + "Run them: etl run --date 2022-09-06 --force$"
                );
        }

        (await shop.QueryAsync(Published)).ShouldBe(["20220906-001|12"]);
        var mail = Mail(shop).ShouldHaveSingleItem();
        mail.ShouldContain("Subject: Etl 2022-09-06 delivered again: orders.csv differs");
        mail.ShouldContain("Delivered again. Nothing was changed.");
        mail.ShouldContain("Published by run 20220906-001");
        mail.ShouldContain("    etl run --date 2022-09-06 --force");
    }

    [Fact]
    public async Task A_complete_delivery_after_a_cut_off_one_is_run_again_exactly_once()
    {
        await using var shop = await CutOffDayAsync();
        WriteComplete(shop);

        var rerun = await shop.RunAsync(SmallShop.Tuesday, Rerun);
        rerun.ExitCode.ShouldBe(0, rerun.Error);
        rerun.Json.GetProperty("status").GetString().ShouldBe("succeeded");
        rerun.Json.GetProperty("runId").GetString().ShouldBe("20220906-002");
        rerun.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();

        var again = await shop.RunAsync(SmallShop.Tuesday, Rerun);
        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeFalse();
        again.Warnings.ShouldBeEmpty();
        (await shop.QueryAsync(Published)).ShouldBe(["20220906-002|20"]);
        (await shop.QueryAsync($"{Status} order by number")).ShouldBe([
            "20220906-001|superseded|manual",
            "20220906-002|succeeded|redelivery",
        ]);
        (await shop.QueryAsync(Redelivered)).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_redelivery_whose_run_failed_is_not_run_again_but_a_later_one_is()
    {
        await using var shop = await CutOffDayAsync();
        shop.Write("orders.csv", OrderFiles.Orders(9), SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Tuesday, Rerun)).Code.ShouldBe("source_shrunk");

        var again = await shop.RunAsync(SmallShop.Tuesday, Rerun);
        (again.ExitCode, again.Json.GetProperty("status").GetString()).ShouldBe((0, "already_done"), again.Error);
        again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        again.Warnings.ShouldHaveSingleItem().ShouldContain("each delivery is run once");
        (await shop.QueryAsync($"{Status} order by number")).ShouldBe([
            "20220906-001|succeeded|manual",
            "20220906-002|failed|redelivery",
        ]);

        WriteComplete(shop);
        (await shop.RunAsync(SmallShop.Tuesday, Rerun)).Json.GetProperty("runId").GetString().ShouldBe("20220906-003");
    }

    [Theory]
    [InlineData("'cancelled', error_code = 'cancelled'")]
    [InlineData("'timed_out', error_code = 'deadline'")]
    [InlineData("'failed', error_code = 'lease_lost'")]
    public async Task A_redelivery_whose_run_was_stopped_or_abandoned_is_run_again(string end)
    {
        await using var shop = await CutOffDayAsync();
        shop.Write("orders.csv", OrderFiles.Orders(9), SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Tuesday, Rerun)).Code.ShouldBe("source_shrunk");
        await shop.ExecuteAsync($"update etl.runs set status = {end} where run_id = '20220906-002'");

        (await shop.RunAsync(SmallShop.Tuesday, Rerun)).Json.GetProperty("runId").GetString().ShouldBe("20220906-003");
    }

    [Fact]
    public async Task A_run_of_a_redelivery_whose_process_died_is_taken_over()
    {
        await using var shop = await CutOffDayAsync();
        shop.Write("orders.csv", OrderFiles.Orders(9), SmallShop.Tuesday);
        (await shop.RunAsync(SmallShop.Tuesday, Rerun)).Code.ShouldBe("source_shrunk");
        await shop.ExecuteAsync(
            """
            update etl.runs set status = 'running', finished_at = null, error_code = null, lease_owner = 'gone',
              lease_until = now() - interval '1 minute'
            where run_id = '20220906-002'
            """
        );
        WriteComplete(shop);

        var run = await shop.RunAsync(SmallShop.Tuesday);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("runId").GetString().ShouldBe("20220906-002");
        run.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        (await shop.QueryAsync(Published)).ShouldBe(["20220906-002|20"]);
    }

    [Fact]
    public async Task Each_different_delivery_has_one_message()
    {
        await using var shop = await CutOffDayAsync();
        foreach (var rows in new[] { 20, 19, 20 })
        {
            shop.Write("orders.csv", OrderFiles.Orders(rows), SmallShop.Tuesday);
            (await shop.RunAsync(SmallShop.Tuesday)).Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        }

        (await shop.QueryAsync(Redelivered)).ShouldBe(["2"]);
        Mail(shop).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_bytes_delivered_again_and_files_that_are_gone_are_no_redelivery()
    {
        await using var shop = await CutOffDayAsync();
        var orders = shop.FileOf("orders.csv", SmallShop.Tuesday);
        File.SetLastWriteTimeUtc(orders, File.GetLastWriteTimeUtc(orders).AddMinutes(1));
        File.Delete(shop.FileOf("reviews.csv", SmallShop.Tuesday));

        foreach (var policy in new[] { "Notify", "Rerun" })
        {
            var again = await shop.RunAsync(SmallShop.Tuesday, $"--Etl:Run:OnRedelivery={policy}");
            again.Json.GetProperty("status").GetString().ShouldBe("already_done");
            again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeFalse();
            again.Warnings.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_is_a_warning_of_a_day_that_is_done()
    {
        await using var shop = await CutOffDayAsync();
        Directory.Delete(Path.GetDirectoryName(shop.FileOf("orders.csv", SmallShop.Tuesday))!, recursive: true);

        var again = await shop.RunAsync(SmallShop.Tuesday);

        (again.ExitCode, again.Json.GetProperty("status").GetString()).ShouldBe((0, "already_done"), again.Error);
        again
            .Warnings.ShouldHaveSingleItem()
            .ShouldStartWith("The source was not compared with run 20220906-001: The source folder does not exist");
    }

    [Fact]
    public async Task With_ignore_a_start_does_not_read_the_source()
    {
        await using var shop = await CutOffDayAsync();
        Directory.Delete(Path.GetDirectoryName(shop.FileOf("orders.csv", SmallShop.Tuesday))!, recursive: true);

        (await shop.RunAsync(SmallShop.Tuesday, "--Etl:Run:OnRedelivery=Ignore")).Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task New_files_that_are_not_complete_yet_are_reported_and_neither_notified_nor_run()
    {
        await using var shop = await CutOffDayAsync();
        WriteComplete(shop);
        shop.Write("orders.csv.sha256", new string('0', 64), SmallShop.Tuesday);

        var again = await shop.RunAsync(SmallShop.Tuesday, Rerun);

        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        again
            .Warnings.ShouldHaveSingleItem()
            .ShouldContain("The new files are not complete: orders.csv is not the file that was sent");
        (await shop.RunAsync(SmallShop.Tuesday)).Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        (await shop.QueryAsync(Redelivered)).ShouldBe(["0"]);

        File.Delete(shop.FileOf("orders.csv.sha256", SmallShop.Tuesday));
        (await shop.RunAsync(SmallShop.Tuesday, Rerun)).Json.GetProperty("runId").GetString().ShouldBe("20220906-002");
    }

    [Fact]
    public async Task A_required_marker_that_is_older_than_the_new_files_delays_their_run()
    {
        await using var shop = await CutOffDayAsync();
        shop.Write("_SUCCESS", "", SmallShop.Tuesday);
        WriteComplete(shop);
        var newer = File.GetLastWriteTimeUtc(shop.FileOf("_SUCCESS", SmallShop.Tuesday)).AddMinutes(1);
        File.SetLastWriteTimeUtc(shop.FileOf("orders.csv", SmallShop.Tuesday), newer);
        string[] required = [Rerun, "--Etl:Delivery:Require=Marker"];

        var early = await shop.RunAsync(SmallShop.Tuesday, required);
        early.Json.GetProperty("status").GetString().ShouldBe("already_done");
        early.Warnings.ShouldHaveSingleItem().ShouldContain("the marker _SUCCESS is older than orders.csv");

        File.SetLastWriteTimeUtc(shop.FileOf("_SUCCESS", SmallShop.Tuesday), newer);
        var run = await shop.RunAsync(SmallShop.Tuesday, required);
        run.Json.GetProperty("runId").GetString().ShouldBe("20220906-002", run.Error);
    }

    [Fact]
    public async Task Another_requested_as_of_date_than_the_published_one_is_reported()
    {
        await using var shop = await CutOffDayAsync();

        var again = await shop.RunAsync(SmallShop.Tuesday, "--as-of", "2022-09-10");

        again.ExitCode.ShouldBe(0);
        again.Json.GetProperty("asOf").GetString().ShouldBe("2022-09-06");
        again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeFalse();
        again
            .Warnings.ShouldHaveSingleItem()
            .ShouldBe(
                "Run 20220906-001 is as of 2022-09-06, not 2022-09-10. Run the day again with the requested date: "
                    + "etl run --date 2022-09-06 --as-of 2022-09-10 --force"
            );
        (await shop.RunAsync(SmallShop.Tuesday, "--as-of", "2022-09-06")).Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Notify", "Run them: etl run --date 2022-09-06 --force")]
    [InlineData("Rerun", "A start runs them, unless it has run this delivery before")]
    public async Task A_plan_reports_the_same_and_writes_nothing(string policy, string next)
    {
        await using var shop = await CutOffDayAsync();
        WriteComplete(shop);
        string[] line =
        [
            "plan",
            "--source",
            shop.Source,
            "--lake",
            shop.Lake,
            "--date",
            SmallShop.Tuesday,
            "--as-of",
            "2022-09-10",
        ];

        var plan = await shop.EtlAsync([.. line, $"--Etl:Run:OnRedelivery={policy}"]);

        (plan.ExitCode, plan.Json.GetProperty("status").GetString()).ShouldBe((0, "already_done"), plan.Error);
        plan.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        plan.Warnings.ShouldContain(w => w.Contains("is as of 2022-09-06, not 2022-09-10", StringComparison.Ordinal));
        plan.Warnings.ShouldContain(w => w.EndsWith(next, StringComparison.Ordinal) || w.Contains(next));
        (await shop.QueryAsync(Redelivered)).ShouldBe(["0"]);
        (await shop.QueryAsync("select count(*)::text from etl.redeliveries")).ShouldBe(["0"]);
    }

    /// <summary>Tuesday is published with 12 of 20 orders.</summary>
    private async Task<SmallShop> CutOffDayAsync()
    {
        var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay(SmallShop.Monday, OrderFiles.Orders(OrderFiles.Complete));
        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(0);
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.CutOff());
        (await shop.RunAsync(SmallShop.Tuesday, "--accept-shrunk", "orders")).ExitCode.ShouldBe(0);
        return shop;
    }

    private static void WriteComplete(SmallShop shop) =>
        shop.Write("orders.csv", OrderFiles.Orders(OrderFiles.Complete), SmallShop.Tuesday);

    private static List<string> Mail(SmallShop shop) =>
        [
            .. Directory
                .GetFiles(Path.Combine(shop.Lake, "mail"), "*.redelivered-*.eml")
                .Select(f => File.ReadAllText(f).ReplaceLineEndings("\n")),
        ];
}
