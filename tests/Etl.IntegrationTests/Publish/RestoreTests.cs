using Etl.Application.Publish;
using Etl.IntegrationTests.Ledger;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Publish;

/// <summary>What a rollback does to tables and ledger. Runs are small and have one figure everywhere.</summary>
public class RestoreTests(PostgresServer server)
{
    private const string Days =
        "select string_agg(ingestion_date || ' ' || tt_late_shipments, ', ' order by ingestion_date) from analytics.agg_shipments";

    private const string Products =
        "select min(product_id) || ' to ' || max(product_id) from analytics.product_performance";

    [Fact]
    public async Task Every_day_has_the_rows_that_were_published_before_and_the_snapshot_those_of_the_restored_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database, keepRuns: 9);
        var (monday, _) = await host.PublishAsync(Monday, figure: 3);
        var (tuesday, _) = await host.PublishAsync(Tuesday, figure: 5);
        var (mondayAgain, _) = await host.PublishAsync(Monday, figure: 7, force: true);
        var (tuesdayAgain, _) = await host.PublishAsync(Tuesday, figure: 9, force: true);

        var (rollback, plan) = await host.RollBackAsync(tuesday);

        plan.Undone.ShouldBe([mondayAgain, tuesdayAgain]);
        (await host.ScalarAsync<string>(Days)).ShouldBe("2022-09-05 3, 2022-09-06 5");
        (await host.ScalarAsync<string>(Products)).ShouldBe("5 to 14");
        (await host.ScalarAsync<string>("select distinct run_id || ' ' || quantity from staging.orders")).ShouldBe(
            $"{rollback} 5"
        );
        (await StatusesAsync(host)).ShouldBe(
            $"{monday} superseded, {mondayAgain} rolled_back, {tuesday} superseded, {tuesdayAgain} rolled_back, {rollback} succeeded"
        );
    }

    [Fact]
    public async Task A_rollback_can_be_followed_by_runs_and_by_a_rollback_to_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database, keepRuns: 9);
        var (monday, _) = await host.PublishAsync(Monday, figure: 3);
        await host.PublishAsync(Tuesday, figure: 5);
        var (restored, _) = await host.RollBackAsync(monday);
        await host.PublishAsync(Tuesday, figure: 7, force: true);
        (await host.ScalarAsync<string>(Days)).ShouldBe("2022-09-05 3, 2022-09-06 7");

        await host.RollBackAsync(restored);

        (await host.ScalarAsync<string>(Days)).ShouldBe("2022-09-05 3");
        (await host.ScalarAsync<int>("select max(quantity) from staging.orders")).ShouldBe(3);
    }

    [Fact]
    public async Task A_restored_load_that_was_detached_is_attached_again_and_stays_so_while_it_is_read()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var (monday, _) = await host.PublishAsync(Monday, figure: 3);
        await host.PublishAsync(Tuesday, figure: 5);
        await host.Publisher.CleanUpAsync(default);
        (await AttachedAsync(host)).ShouldBe(1);

        await host.RollBackAsync(monday);
        await host.Publisher.CleanUpAsync(default);

        (await AttachedAsync(host)).ShouldBe(1);
        (await host.ScalarAsync<long>("select count(*) from staging.orders")).ShouldBe(100);
    }

    [Fact]
    public async Task A_rollback_whose_answer_was_lost_is_not_done_twice()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var (monday, _) = await host.PublishAsync(Monday, figure: 3);
        await host.PublishAsync(Tuesday, figure: 5);
        var (rollback, _) = await host.RollBackAsync(monday);

        var again = await ((IRollback)host.Publisher).RollBackAsync(rollback, monday, default);

        again.Restored.ShouldBe(rollback);
        (await host.ScalarAsync<long>("select count(*) from store.published")).ShouldBe(3);
    }

    private static Task<string?> StatusesAsync(LedgerHost host) =>
        host.ScalarAsync<string>("select string_agg(run_id || ' ' || status, ', ' order by run_id) from etl.runs");

    private static Task<long> AttachedAsync(LedgerHost host) =>
        host.ScalarAsync<long>("select count(*) from pg_inherits where inhparent = 'store.orders'::regclass");
}
