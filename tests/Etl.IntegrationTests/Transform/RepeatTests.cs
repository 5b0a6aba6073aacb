using Etl.Application.Errors;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Transform;

public class RepeatTests(PostgresServer server)
{
    [Fact]
    public async Task A_second_build_in_the_same_schema_replaces_the_first()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Order("2021-01-01", 1).Reviews(1, 5).BuildAsync(asOf: "2020-01-01");
        await run.Order("2021-01-01", 1).BuildAsync();

        (await run.RowAsync("select tt_order_hol_jan from agg_public_holiday")).ShouldBe("2");
        (await run.RowAsync("select as_of, past_year_first, past_year_last from run")).ShouldBe(
            "2022-09-05|2021-01-01|2021-12-31"
        );
        (await run.FindingsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_build_writes_nothing_outside_of_its_run()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.Order("2021-01-01", 1).Reviews(1, 5).BuildAsync();

        (await run.RowAsync("select count(*) from analytics.agg_shipments")).ShouldBe("0");
        (await run.RowAsync("select count(*) from analytics.daily_orders")).ShouldBe("0");
    }

    [Fact]
    public async Task A_run_that_was_never_staged_is_an_error_of_the_database_that_names_the_run()
    {
        await using var run = await ShopRun.CreateAsync(server);
        await run.ExecuteAsync($"drop schema {ShopRun.Id.Schema} cascade");

        var exception = await Should.ThrowAsync<EtlException>(() => run.BuildAsync());
        exception.Error.Code.ShouldBe(ErrorCode.Database);
        exception.Error.Message.ShouldContain("20220905-001");
    }
}
