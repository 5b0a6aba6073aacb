using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Delivery;

/// <summary>A snapshot with fewer rows than that of the previous business date.</summary>
public sealed class ShrunkTests(PostgresServer server)
{
    private const string EightMissing = "The orders file has 12 rows; the run of 2022-09-05 had 20: 8 rows are missing";

    [Fact]
    public async Task An_upload_that_was_cut_off_fails_and_the_complete_delivery_of_the_same_day_succeeds()
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.CutOff());

        var cut = await shop.RunAsync(SmallShop.Tuesday);
        (cut.ExitCode, cut.Code).ShouldBe((3, "source_shrunk"));
        cut.Error.ShouldContain($"{EightMissing}, and its last line has no line end: file://");
        cut.Error.ShouldContain("accept it once: etl run --date 2022-09-06 --accept-shrunk orders");
        (await shop.QueryAsync("select run_id, count(*)::text from staging.orders group by 1")).ShouldBe([
            "20220905-001|20",
        ]);
        (await shop.QueryAsync("select max(ingestion_date)::text from analytics.agg_shipments")).ShouldBe([
            "2022-09-05",
        ]);

        shop.Write("orders.csv", OrderFiles.Orders(OrderFiles.Complete), SmallShop.Tuesday);
        var complete = await shop.RunAsync(SmallShop.Tuesday);
        complete.ExitCode.ShouldBe(0, complete.Error);
        (await shop.QueryAsync("select run_id, count(*)::text from staging.orders group by 1")).ShouldBe([
            "20220906-002|20",
        ]);
    }

    [Theory]
    [InlineData("Warn")]
    [InlineData("Allow")]
    public async Task A_policy_does_not_allow_missing_rows_with_a_newly_missing_line_end(string policy)
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.CutOff());

        var run = await shop.RunAsync(SmallShop.Tuesday, $"--Etl:Quality:OnShrunk={policy}");

        (run.ExitCode, run.Code).ShouldBe((3, "source_shrunk"));
        run.Error.ShouldContain("its last line has no line end");
    }

    [Fact]
    public async Task A_missing_line_end_alone_and_one_that_was_missing_before_are_no_error()
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.Orders(OrderFiles.Complete).TrimEnd('\n'));
        (await shop.RunAsync(SmallShop.Tuesday)).ExitCode.ShouldBe(0);
        shop.WriteDay("2022-09-07", OrderFiles.Orders(19).TrimEnd('\n'));

        var run = await shop.RunAsync("2022-09-07");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Warnings.ShouldContain(w =>
            w.Contains("has 19 rows; the run of 2022-09-06 had 20: 1 row is missing: ", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Fail", 3, 0)]
    [InlineData("Warn", 0, 1)]
    [InlineData("Allow", 0, 0)]
    public async Task Missing_rows_follow_the_policy(string policy, int exitCode, int warnings)
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.Orders(18));

        var run = await shop.RunAsync(SmallShop.Tuesday, $"--Etl:Quality:OnShrunk={policy}");

        run.ExitCode.ShouldBe(exitCode, run.Error);
        run.Warnings.Count(w => w.Contains("are missing", StringComparison.Ordinal)).ShouldBe(warnings);
    }

    [Theory]
    [InlineData(18, "Etl:Quality:ShrunkPercent=11", 0)]
    [InlineData(18, "Etl:Quality:ShrunkPercentOf:orders=11", 0)]
    [InlineData(18, "Etl:Quality:ShrunkPercentOf:reviews=11", 3)]
    [InlineData(19, "Etl:Quality:ShrunkPercent=0", 3)]
    [InlineData(18, "Etl:Quality:OnShrunkOf:Orders=Allow", 0)]
    [InlineData(18, "Etl:Quality:OnShrunkOf:shipments=Allow", 3)]
    public async Task Share_and_policy_can_be_set_for_a_dataset(int rows, string setting, int exitCode)
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.Orders(rows));

        (await shop.RunAsync(SmallShop.Tuesday, $"--{setting}")).ExitCode.ShouldBe(exitCode);
    }

    [Theory]
    [InlineData("Etl:Quality:OnShrunkOf:prices=Allow", "Etl:Quality:OnShrunkOf has a name that is not a dataset")]
    [InlineData("Etl:Quality:OnShrunkOf:orders=maybe", "give one of Fail, Warn, Allow for each value")]
    [InlineData("Etl:Quality:ShrunkPercentOf=5", "Etl:Quality:ShrunkPercentOf has a value for each name")]
    [InlineData("Etl:Quality:ShrunkPercentOf:orders=101", "give a number from 0 to 100")]
    public async Task A_wrong_setting_of_a_dataset_is_reported(string setting, string message)
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay();

        var run = await shop.RunAsync(SmallShop.Monday, $"--{setting}");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Accepted_missing_rows_are_published_once_and_recorded()
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.CutOff());

        var run = await shop.RunAsync(SmallShop.Tuesday, "--accept-shrunk", "reviews,orders");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Warnings.ShouldContain(w =>
            w.StartsWith(EightMissing, StringComparison.Ordinal)
            && w.EndsWith("Accepted by --accept-shrunk.", StringComparison.Ordinal)
        );
        run.Warnings.ShouldNotContain(w => w.Contains("the previous run had", StringComparison.Ordinal));
        (await shop.QueryAsync("select accepted_shrunk::text from etl.runs where run_id = '20220906-001'")).ShouldBe([
            "{orders,reviews}",
        ]);
        var shown = await shop.EtlAsync("runs", "show", "20220906-001");
        shown
            .Json.GetProperty("acceptedShrunk")
            .EnumerateArray()
            .Select(d => d.GetString())
            .ShouldBe(["orders", "reviews"]);

        shop.WriteDay("2022-09-07", OrderFiles.Orders(8));
        var next = await shop.RunAsync("2022-09-07");
        (next.ExitCode, next.Code).ShouldBe((3, "source_shrunk"));
        next.Error.ShouldContain("has 8 rows; the run of 2022-09-06 had 12: 4 rows are missing");
    }

    [Fact]
    public async Task A_forced_run_and_several_datasets_have_their_exact_command_in_the_error()
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.Orders(OrderFiles.Complete));
        (await shop.RunAsync(SmallShop.Tuesday)).ExitCode.ShouldBe(0);
        shop.Write("orders.csv", OrderFiles.Orders(10), SmallShop.Tuesday)
            .Write("reviews.csv", "review,product_id\n5,1\n", SmallShop.Tuesday);

        var run = await shop.RunAsync(SmallShop.Tuesday, "--force", "--as-of", "2022-09-08");

        run.Error.ShouldContain("The orders file has 10 rows; the run of 2022-09-05 had 20: 10 rows are missing");
        run.Error.ShouldContain("The reviews file has 1 row; the run of 2022-09-05 had 4: 3 rows are missing");
        run.Error.ShouldContain("etl run --date 2022-09-06 --as-of 2022-09-08 --force --accept-shrunk orders,reviews");
        (
            await shop.RunAsync(
                SmallShop.Tuesday,
                "--as-of",
                "2022-09-08",
                "--force",
                "--accept-shrunk",
                "orders,reviews"
            )
        ).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_dataset_that_does_not_exist_cannot_be_accepted()
    {
        await using var shop = await FirstDayAsync();

        var run = await shop.RunAsync(SmallShop.Monday, "--accept-shrunk", "order");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("Give one of orders, reviews, shipments with --accept-shrunk.");
    }

    [Fact]
    public async Task A_backfill_of_an_older_day_compares_with_the_day_before_it()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay("2022-09-01", OrderFiles.Orders(10)).WriteDay("2022-09-04", OrderFiles.Orders(20));
        (await shop.RunAsync("2022-09-01")).ExitCode.ShouldBe(0);
        (await shop.RunAsync("2022-09-04")).ExitCode.ShouldBe(0);
        shop.WriteDay("2022-09-02", OrderFiles.Orders(11)).WriteDay("2022-09-03", OrderFiles.Orders(9));

        (await shop.RunAsync("2022-09-02")).ExitCode.ShouldBe(0);
        var shrunk = await shop.RunAsync("2022-09-03");

        shrunk.Error.ShouldContain("The orders file has 9 rows; the run of 2022-09-02 had 11: 2 rows are missing");
    }

    [Theory]
    [InlineData("_SUCCESS", "")]
    [InlineData("control.csv", "file,rows\norders.csv,12\n")]
    public async Task Files_that_their_sender_states_to_be_complete_may_have_fewer_rows(string name, string content)
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.CutOff()).Write(name, content, SmallShop.Tuesday);

        var run = await shop.RunAsync(SmallShop.Tuesday, "--Etl:Delivery:Control=control.csv");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Warnings.ShouldNotContain(w => w.Contains("are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_reports_the_missing_rows_and_accepts_them()
    {
        await using var shop = await FirstDayAsync();
        shop.WriteDay(SmallShop.Tuesday, OrderFiles.CutOff());
        string[] line = ["plan", "--source", shop.Source, "--lake", shop.Lake, "--date", SmallShop.Tuesday];

        var plan = await shop.EtlAsync(line);
        (plan.ExitCode, plan.Code).ShouldBe((3, "source_shrunk"));
        plan.Error.ShouldContain(EightMissing);

        var accepted = await shop.EtlAsync([.. line, "--accept-shrunk", "orders"]);
        accepted.ExitCode.ShouldBe(0, accepted.Error);
        accepted.Warnings.ShouldContain(w => w.Contains("Accepted by --accept-shrunk.", StringComparison.Ordinal));
    }

    private async Task<SmallShop> FirstDayAsync()
    {
        var shop = await SmallShop.OpenAsync(server);
        shop.WriteDay(SmallShop.Monday, OrderFiles.Orders(OrderFiles.Complete));
        (await shop.RunAsync(SmallShop.Monday)).ExitCode.ShouldBe(0);
        return shop;
    }
}
