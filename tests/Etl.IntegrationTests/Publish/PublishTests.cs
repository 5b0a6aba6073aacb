using Etl.Application.Errors;
using Etl.Domain.Runs;
using Etl.IntegrationTests.Ledger;
using Etl.TestKit;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Publish;

public class PublishTests(PostgresServer server)
{
    [Fact]
    public async Task A_publish_shows_the_runs_rows_and_figures_and_its_success()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var (run, _) = await host.PublishAsync(Monday, figure: 7);

        (await host.ScalarAsync<long>($"select count(*) from staging.orders where run_id = '{run}'")).ShouldBe(100);
        (await host.ScalarAsync<long>("select count(*) from staging.reviews")).ShouldBe(100);
        (await host.ScalarAsync<long>("select count(*) from staging.shipments")).ShouldBe(100);
        (await host.ScalarAsync<int>("select tt_late_shipments from analytics.agg_shipments")).ShouldBe(7);
        (await host.ScalarAsync<long>("select sum(orders)::bigint from analytics.product_performance")).ShouldBe(70);
        var recorded = await host.FindAsync(run);
        recorded.Status.ShouldBe(RunStatus.Succeeded);
        recorded.PublishedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_next_day_replaces_the_snapshot_and_keeps_the_days_before()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 7);
        await host.PublishAsync(Tuesday, figure: 9);

        (await host.ScalarAsync<string>("select string_agg(distinct run_id, ',') from staging.orders")).ShouldBe(
            "20220906-001"
        );
        (
            await host.ScalarAsync<string>(
                "select string_agg(tt_late_shipments::text, ',' order by ingestion_date) from analytics.agg_shipments"
            )
        ).ShouldBe("7,9");
        // Products 7 and 8 are no longer in the snapshot; 17 and 18 are new.
        (
            await host.ScalarAsync<string>(
                "select min(product_id) || '-' || max(product_id) || ':' || max(orders) from analytics.product_performance"
            )
        ).ShouldBe("9-18:9");
    }

    [Fact]
    public async Task A_forced_run_supersedes_the_days_run_and_takes_away_what_it_no_longer_has()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Tuesday, figure: 3);
        var (first, _) = await host.PublishAsync(Monday, figure: 7);
        var second = await host.BeginAsync(Monday, force: true);
        await host.BuildAsync(second, figure: 8);
        await host.ExecuteAsync($"delete from {second.Schema}.best_performing_product");

        await host.Publisher.PublishAsync(second, default);

        (await host.FindAsync(first)).Status.ShouldBe(RunStatus.Superseded);
        (await host.FindAsync(second)).Status.ShouldBe(RunStatus.Succeeded);
        (
            await host.ScalarAsync<string>(
                "select string_agg(ingestion_date || ':' || tt_review_points, ',') from analytics.best_performing_product"
            )
        ).ShouldBe("2022-09-06:3");
    }

    [Fact]
    public async Task A_run_that_is_not_forced_never_replaces_a_published_one()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var (first, _) = await host.PublishAsync(Monday, figure: 7);
        var second = await host.BeginAsync(Monday, force: true);
        await host.BuildAsync(second, figure: 8);
        await host.ExecuteAsync("update etl.runs set forced = false");

        var exception = await Should.ThrowAsync<EtlException>(() => host.Publisher.PublishAsync(second, default));

        exception.Error.Code.ShouldBe(ErrorCode.InProgress);
        (await host.ScalarAsync<string>("select min(run_id) from staging.orders")).ShouldBe(first.ToString());
        (await host.ScalarAsync<int>("select tt_late_shipments from analytics.agg_shipments")).ShouldBe(7);
    }

    [Fact]
    public async Task Who_was_taken_over_publishes_nothing()
    {
        await using var database = await server.CreateDatabaseAsync();
        var stale = new LedgerHost(database);
        var run = await stale.BeginAsync(Monday);
        await stale.BuildAsync(run, figure: 7);
        await stale.DieAsync(run);
        await new LedgerHost(database).StartAsync(Monday);

        var exception = await Should.ThrowAsync<EtlException>(() => stale.Publisher.PublishAsync(run, default));

        exception.Error.Code.ShouldBe(ErrorCode.LeaseLost);
        (await stale.ScalarAsync<long>("select count(*) from staging.orders")).ShouldBe(0);
        (await stale.ScalarAsync<long>("select count(*) from analytics.agg_shipments")).ShouldBe(0);
    }

    [Fact]
    public async Task A_publish_whose_answer_was_lost_is_not_done_twice()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.BuildAsync(run, figure: 7);
        await host.Publisher.PublishAsync(run, default);

        (await host.Publisher.PublishAsync(run, default)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_table_that_is_missing_is_named_and_nothing_is_published()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        var run = await host.BeginAsync(Monday);
        await host.BuildAsync(run, figure: 7);
        await host.ExecuteAsync($"drop table {run.Schema}.shipments");

        var exception = await Should.ThrowAsync<EtlException>(() => host.Publisher.PublishAsync(run, default));

        exception.Error.Message.ShouldContain("run_20220905_001.shipments");
        (await host.FindAsync(run)).Status.ShouldBe(RunStatus.Running);
    }

    [Fact]
    public async Task An_error_halfway_changes_nothing()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 7);
        await host.ExecuteAsync(
            """
            create table public.watched (id bigint references analytics.product_performance);
            insert into public.watched values (7)
            """
        );
        var run = await host.BeginAsync(Tuesday);
        await host.BuildAsync(run, figure: 9);

        var exception = await Should.ThrowAsync<EtlException>(() => host.Publisher.PublishAsync(run, default));

        exception.Error.Message.ShouldContain("public.watched");
        exception.Error.Retryable.ShouldBeFalse();
        (await host.ScalarAsync<string>("select min(run_id) from staging.orders")).ShouldBe("20220905-001");
        (await host.ScalarAsync<int>("select max(tt_late_shipments) from analytics.agg_shipments")).ShouldBe(7);
        (await host.FindAsync(run)).Status.ShouldBe(RunStatus.Running);
    }
}
