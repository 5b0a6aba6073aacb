using Etl.Application.Runs;
using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

public sealed class DependentObjectTests(PostgresServer server)
{
    [Fact]
    public async Task Objects_that_depend_on_published_tables_remain_after_ten_runs()
    {
        CitusCluster.Excludes("readers are granted the tables beneath by hand");
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["b"], Orders: 3000, Seed: 2), default);
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var a = new Hosted(place);
        await using var b = new Hosted(place, folder["b"]);
        (await a.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        var role = await place.QueryAsync<string>("select 'watcher_' || current_database()::text");
        await place.ExecuteAsync(
            $"""
            create role {role};
            grant usage on schema staging, analytics to {role};
            grant select on all tables in schema staging, analytics to {role};
            create view public.revenue as select sum(total_price) as revenue, count(*) as orders from staging.orders;
            create view public.late as select * from analytics.agg_shipments;
            create materialized view public.stars as select review, count(*) from staging.reviews group by 1;
            create index on store.orders (product_id);
            create table public.notes (day date references analytics.agg_shipments, product bigint
              references analytics.product_performance, status text, age text, note text,
              foreign key (status, age) references analytics.shipment_status);
            insert into public.notes select '{Workplace.Day}', min(product_id), status, age, 'kept'
            from analytics.product_performance, (select status, age from analytics.shipment_status limit 1) s
            group by status, age
            """
        );
        try
        {
            for (var run = 1; run <= 10; run++)
            {
                var summary = await (run % 2 == 1 ? b : a).RunAsync(force: true);
                summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
                var orders = run % 2 == 1 ? 3000 : 2000;
                (await place.QueryAsync<long>("select orders from public.revenue")).ShouldBe(orders);
                (await place.QueryAsync<long>($"set role {role}; select count(*) from staging.orders")).ShouldBe(
                    orders
                );
                (
                    await place.QueryAsync<long>(
                        $"set role {role}; select sum(orders)::bigint from analytics.daily_orders"
                    )
                ).ShouldBe(orders);
            }

            (await place.QueryAsync<long>("select count(*) from public.late")).ShouldBe(1);
            (
                await place.QueryAsync<string>(
                    "select note from public.notes join analytics.agg_shipments on day = ingestion_date"
                )
            ).ShouldBe("kept");
            await place.ExecuteAsync("refresh materialized view public.stars");
            (
                await place.QueryAsync<long>(
                    "select count(*) from pg_constraint where contype = 'f' and conrelid = 'public.notes'::regclass"
                )
            ).ShouldBe(3);
            // The published run's, two kept ones, and the one that the next start drops.
            (await place.QueryAsync<long>("select count(*) from pg_namespace where nspname ~ '^run_'")).ShouldBe(4);
        }
        finally
        {
            await place.ExecuteAsync($"reset role; drop owned by {role}; drop role {role}");
        }
    }
}
