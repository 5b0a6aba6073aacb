using Etl.Application.Errors;
using Etl.Domain;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Distribution;
using Etl.IntegrationTests.Publish;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ledger;

/// <summary>A database in which runs were attached to partitioned tables of the staging schema.</summary>
public sealed class EarlierTableTests(PostgresServer server)
{
    /// <summary>What users built; each survives the migration and later runs.</summary>
    private const string Users = """
        create view public.revenue as select run_id, sum(total_price) as revenue, sum(quantity) as pieces
          from staging.orders group by run_id;
        create view public.twice as select revenue * 2 as twice from public.revenue;
        create view public.guarded with (security_barrier = true) as select order_id from staging.orders where quantity > 0;
        create materialized view public.pairs as select o.order_id, s.shipment_id
          from staging.orders as o join staging.shipments as s on s.shipment_id = o.order_id;
        create unique index pairs_order on public.pairs (order_id);
        comment on materialized view public.pairs is 'mine';
        do $do$ begin execute $f$create function public.orders_of(who bigint) returns bigint language sql
          begin atomic select count(*) from staging.orders where customer_id = who; end$f$; end $do$;
        comment on table staging.orders is 'the orders';
        comment on column staging.orders.quantity is 'pieces';
        do $$ begin if to_regrole('earlier_reader') is null then create role earlier_reader; end if; end $$;
        grant usage on schema staging, public to earlier_reader;
        grant select on staging.orders, public.revenue, public.pairs to earlier_reader;
        grant select (review) on staging.reviews to earlier_reader;
        """;

    [Fact]
    public async Task Tables_become_views_and_what_users_built_on_them_survives_this_and_later_runs()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = await EarlierAsync(database);
        await database.ExecuteAsync(Users);
        (await Migrations(database).ListPendingAsync(default)).ShouldContain("staging.orders as a view");

        await Migrations(database).MigrateAsync(default);

        (await Migrations(database).ListPendingAsync(default)).ShouldBeEmpty();
        await ShouldHoldAsync(database, "20220905-001", pieces: 700);
        for (var figure = 8; figure <= 17; figure++)
        {
            await host.Publisher.CleanUpAsync(default);
            await host.PublishAsync(LedgerHost.Tuesday, figure, force: true);
        }

        await ShouldHoldAsync(database, "20220906-010", pieces: 1700);
        await database.ExecuteAsync("refresh materialized view concurrently public.pairs");
        (
            await database.QueryAsync(
                "select obj_description('staging.orders'::regclass), col_description('staging.orders'::regclass, 6), "
                    + "obj_description('public.pairs'::regclass), (select reloptions::text from pg_class where oid = 'public.guarded'::regclass)"
            )
        ).ShouldBe(["the orders|pieces|mine|{security_barrier=true}"]);
    }

    [Theory]
    [InlineData("create index mine on staging.orders (product_id)", "index staging.mine")]
    [InlineData("create policy mine on staging.orders using (true)", "policy mine on table staging.orders")]
    [InlineData("alter table staging.orders enable row level security", "row security")]
    [InlineData("create publication mine for table staging.orders", "publication of table staging.orders")]
    [InlineData(
        "create publication mine for tables in schema staging",
        "publication of schema staging in publication mine"
    )]
    [InlineData("create function public.of(o staging.orders) returns int return 1", "function of(staging.orders)")]
    [InlineData(
        "create materialized view public.m as select 1 as x from staging.orders; create view public.v as select * from public.m",
        "rule _RETURN on view v, which depends on a materialized view"
    )]
    [InlineData("create table staging.mine partition of staging.orders default", "table staging.mine")]
    public async Task What_cannot_be_built_on_a_view_is_named_and_nothing_is_changed(string create, string named)
    {
        await using var database = await server.CreateDatabaseAsync();
        await EarlierAsync(database);
        await database.ExecuteAsync(create);

        var error = (await Should.ThrowAsync<EtlException>(() => Migrations(database).MigrateAsync(default))).Error;

        error.Message.ShouldContain(named, Case.Sensitive);
        (await database.QueryAsync("select run_id from staging.orders limit 1")).ShouldBe(["20220905-001"]);
        (await database.QueryAsync("select to_regnamespace('store')::text")).ShouldBe([""]);
    }

    [Theory]
    [InlineData("for all tables")]
    [InlineData("for tables in schema analytics")]
    public async Task A_publication_that_covers_other_tables_too_survives_this_and_later_runs(string what)
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = await EarlierAsync(database);
        await database.ExecuteAsync($"create publication mine {what}");

        await Migrations(database).MigrateAsync(default);

        for (var figure = 8; figure <= 17; figure++)
        {
            await host.Publisher.CleanUpAsync(default);
            await host.PublishAsync(LedgerHost.Tuesday, figure, force: true);
        }

        (await database.QueryAsync("select count(*)::text, min(run_id) from staging.orders")).ShouldBe([
            "100|20220906-010",
        ]);
        (
            await database.QueryAsync(
                """
                select bool_or(schemaname = 'analytics')::text, bool_or(schemaname = 'run_20220906_010')::text
                from pg_publication_tables where pubname = 'mine'
                """
            )
        ).ShouldBe([what == "for all tables" ? "true|true" : "true|false"]);
    }

    private static async Task ShouldHoldAsync(TestDatabase database, string run, int pieces)
    {
        (await database.QueryAsync("select run_id, revenue::text, pieces::text from public.revenue")).ShouldBe([
            $"{run}|100.00|{pieces}",
        ]);
        (await database.QueryAsync("select twice::text from public.twice")).ShouldBe(["200.00"]);
        (await database.QueryAsync("select count(*)::text from public.guarded")).ShouldBe(["100"]);
        (await database.QueryAsync("select count(*)::text from public.pairs")).ShouldBe(["100"]);
        (await database.QueryAsync("select public.orders_of(1)::text")).ShouldBe(["100"]);
        (
            await database.QueryAsync(
                """
                select has_table_privilege('earlier_reader', t, 'select')::text
                from unnest(array['staging.orders', 'staging.reviews', 'public.revenue', 'public.pairs']) as t
                """
            )
        ).ShouldBe(["true", "false", "true", "true"]);
        (
            await database.QueryAsync(
                "select has_column_privilege('earlier_reader', 'staging.reviews', 'review', 'select')::text"
            )
        ).ShouldBe(["true"]);
    }

    /// <summary>One published run, as an earlier version left it.</summary>
    private static async Task<LedgerHost> EarlierAsync(TestDatabase database)
    {
        CitusCluster.Excludes("no earlier version distributed its tables");
        var host = new LedgerHost(database);
        await host.PublishAsync(LedgerHost.Monday, figure: 7);
        foreach (var dataset in DatasetCatalog.BuiltIn.All)
        {
            await database.ExecuteAsync(
                $"""
                create table public.{dataset} (like staging.{dataset}) partition by list (run_id);
                drop view staging.{dataset};
                alter table public.{dataset} set schema staging;
                alter table store.{dataset} detach partition run_20220905_001.{dataset};
                alter table run_20220905_001.{dataset} drop column load_id,
                  add column run_id text not null default '20220905-001';
                """
            );
            foreach (var column in dataset.Columns.Where(c => !c.Nullable).Select(c => c.Name).Append("run_id"))
            {
                await database.ExecuteAsync($"alter table staging.{dataset} alter column {column} set not null");
            }

            await database.ExecuteAsync(
                $"""
                alter table staging.{dataset} attach partition run_20220905_001.{dataset} for values in ('20220905-001')
                """
            );
        }

        await database.ExecuteAsync("drop schema store cascade");
        return host;
    }

    private static WarehouseMigrations Migrations(TestDatabase database) =>
        new(
            new LedgerMigrations(database.DataSource),
            database.DataSource,
            new WarehouseTables(
                DatasetCatalog.BuiltIn,
                MartFiles.BuiltIn,
                Options.Create(new SchemaOptions()),
                TestDistribution.Of(database.ConnectionString, DatasetCatalog.BuiltIn)
            )
        );
}
