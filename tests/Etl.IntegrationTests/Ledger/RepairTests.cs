using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Distribution;
using Etl.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ledger;

public class RepairTests(PostgresServer server)
{
    [Theory]
    [InlineData("drop schema staging cascade", "staging.orders, staging.reviews, staging.shipments")]
    [InlineData("drop view staging.orders", "staging.orders")]
    [InlineData("drop table store.orders cascade", "store.orders, staging.orders")]
    [InlineData("drop table store.loads", "store.loads")]
    [InlineData("drop table analytics.daily_orders", "analytics.daily_orders")]
    [InlineData(
        "alter table analytics.daily_orders drop constraint daily_orders_pkey",
        "primary key of analytics.daily_orders"
    )]
    [InlineData("drop table etl.quarantine, etl.messages", "etl.messages, etl.quarantine")]
    [InlineData("drop index etl.runs_one_at_work", "etl.runs_one_at_work")]
    [InlineData("drop index etl.runs_one_succeeded", "etl.runs_one_succeeded")]
    [InlineData("alter table etl.runs drop column accepted_shrunk", "etl.runs.accepted_shrunk")]
    [InlineData("alter table etl.run_steps drop constraint run_steps_pkey", "etl.run_steps_pkey")]
    [InlineData("alter table etl.run_files drop constraint run_files_role_check", "etl.run_files_role_check")]
    [InlineData(
        "alter table etl.runs drop constraint runs_business_date_number_key",
        "etl.runs_business_date_number_key"
    )]
    [InlineData("alter table etl.starts drop column cause", "etl.starts.cause, etl.starts_pkey")]
    public async Task Migrate_recreates_what_was_dropped(string drop, string created)
    {
        await using var database = await server.CreateDatabaseAsync();
        var before = await ShapeAsync(database);
        await database.ExecuteAsync(drop);
        var migrations = Migrations(database);

        Made(await migrations.ListPendingAsync(default)).ShouldBe(created);
        Made(await migrations.MigrateAsync(default)).ShouldBe(created);

        (await migrations.MigrateAsync(default)).ShouldBeEmpty();
        (await ShapeAsync(database)).ShouldBe(before);
    }

    /// <summary>A cluster distributes what is created.</summary>
    private static string Made(IEnumerable<string> names) =>
        string.Join(", ", names.Where(n => !n.StartsWith("distribution of ", StringComparison.Ordinal)));

    [Fact]
    public async Task Migrate_recreates_a_dropped_ledger()
    {
        await using var database = await server.CreateDatabaseAsync();
        var before = await ShapeAsync(database);
        await database.ExecuteAsync("drop schema etl cascade");

        (await Migrations(database).MigrateAsync(default)).ShouldBe(LedgerMigrations.All);

        (await ShapeAsync(database)).ShouldBe(before);
    }

    [Theory]
    [InlineData("create view staging.orders as select 1 as x", "A view named staging.orders is in the way")]
    [InlineData("create table staging.orders (id int)", "A table named staging.orders is in the way")]
    [InlineData("create sequence staging.orders", "A sequence named staging.orders is in the way")]
    [InlineData("create type staging.orders as enum ('a')", "A type named staging.orders is in the way")]
    public async Task An_object_in_the_way_is_named_with_its_kind_and_schema(string create, string message)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync($"drop view staging.orders; {create}");

        var error = await FailAsync(database);

        error.Message.ShouldStartWith(message);
        error.NextStep.ShouldContain("Rename it");
        error.NextStep.ShouldContain("Etl:Postgres:Schemas:Staging");
    }

    [Theory]
    [InlineData(
        "alter table store.orders add column note text",
        "Table store.orders has the column note (text), which its description lacks."
    )]
    [InlineData(
        "alter table store.orders drop column unit_price cascade",
        "Table store.orders lacks the column unit_price"
    )]
    [InlineData(
        "alter table store.orders add constraint positive check (unit_price > 0)",
        "Table store.orders has the check constraint positive, which the tables of runs lack."
    )]
    [InlineData(
        "alter table analytics.daily_orders add column \"My Note\" text",
        "Table analytics.daily_orders has the column \"My Note\" (text), which its description lacks."
    )]
    public async Task A_difference_of_a_table_is_named(string change, string message)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(change);

        (await FailAsync(database)).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_foreign_table_of_the_ledger_s_name_is_named()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await database.ExecuteAsync("create schema etl; create table etl.runs (id int)");

        (await FailAsync(database)).Message.ShouldStartWith("Table etl.runs is in the way");
    }

    [Fact]
    public async Task A_table_that_others_refer_to_is_recreated_with_their_keys()
    {
        await using var database = await server.CreateDatabaseAsync();
        var before = await ShapeAsync(database);
        await database.ExecuteAsync("drop table etl.runs cascade");

        var created = await Migrations(database).MigrateAsync(default);

        created[0].ShouldBe("etl.runs");
        created.Where(c => c.EndsWith("_fkey", StringComparison.Ordinal)).ShouldNotBeEmpty();
        (await ShapeAsync(database)).ShouldBe(before);
    }

    [Fact]
    public async Task A_column_whose_values_are_lost_is_named()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            """
            insert into etl.starts (business_date, cause, count, repeats, first_at, last_at, notified)
            values ('2025-07-01', 'source_missing', 1, 1, now(), now(), true);
            alter table etl.starts drop column last_at
            """
        );

        var error = await FailAsync(database);

        error.Message.ShouldStartWith("etl.starts.last_at is missing and cannot be recreated");
        error.NextStep.ShouldStartWith("Restore schema etl from a backup");
    }

    [Fact]
    public async Task A_complete_ledger_has_the_parts_of_the_model()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.DataSource.OpenConnectionAsync();

        var names = await LedgerRepair.NamesAsync(connection, default);

        LedgerParts.List(database.DataSource).Select(p => p.Name).Order().ShouldBe(names.Order());
        LedgerRepair.Hash(names).ShouldBe(LedgerRepair.Complete);
    }

    private static async Task<EtlError> FailAsync(TestDatabase database) =>
        (await Should.ThrowAsync<EtlException>(() => Migrations(database).MigrateAsync(default))).Error;

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

    /// <summary>Tables with their columns, indexes and constraints.</summary>
    private static Task<IReadOnlyList<string>> ShapeAsync(TestDatabase database) =>
        database.QueryAsync(
            """
            select shape from (
              select attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
              from pg_attribute join pg_class on pg_class.oid = attrelid
              where relnamespace in (select oid from pg_namespace where nspname in ('etl', 'staging', 'store', 'analytics'))
                and attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'i')
              union all
              select pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indexrelid
              where relnamespace in (select oid from pg_namespace where nspname in ('etl', 'staging', 'store', 'analytics'))
              union all
              select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
              from pg_constraint where connamespace = to_regnamespace('etl') or connamespace = to_regnamespace('analytics')
            ) as described (shape)
            where shape !~ '_[0-9]{6}' -- parts of a distributed table
            order by 1
            """
        );
}
