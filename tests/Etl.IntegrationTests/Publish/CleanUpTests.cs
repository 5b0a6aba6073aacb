using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Ledger;
using Etl.IntegrationTests.Stage;
using Etl.TestKit;
using Microsoft.Extensions.Options;
using Moq;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Publish;

public class CleanUpTests(PostgresServer server)
{
    [Fact]
    public async Task Kept_are_what_readers_see_the_run_at_work_and_the_last_published_ones()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database, keepRuns: 2);
        for (var figure = 1; figure <= 5; figure++)
        {
            await host.PublishAsync(Monday, figure, force: true);
        }

        var failed = await host.BeginAsync(Monday, force: true);
        await host.BuildAsync(failed, figure: 6);
        await host.Lease.FailAsync(failed, RunStatus.Cancelled, SomeFault, default);
        var atWork = await host.BeginAsync(Tuesday);
        await host.BuildAsync(atWork, figure: 7);
        await host.ExecuteAsync("create schema run_20200101_001; create schema run_and_jump; create schema mine");

        await host.Publisher.CleanUpAsync(default);

        (await SchemasAsync(host)).ShouldBe(
            "mine,run_20220905_003,run_20220905_004,run_20220905_005,run_20220906_001,run_and_jump"
        );
        (await host.ScalarAsync<long>("select count(*) from staging.orders where quantity = 5")).ShouldBe(100);
    }

    [Fact]
    public async Task A_dead_run_leaves_its_tables_to_be_dropped()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database, keepRuns: 0);
        await host.PublishAsync(Monday, figure: 1);
        await host.PublishAsync(Tuesday, figure: 2);
        var dead = await host.BeginAsync(Monday, force: true);
        await host.BuildAsync(dead, figure: 3);
        await host.DieAsync(dead);

        await host.Publisher.CleanUpAsync(default);

        (await SchemasAsync(host)).ShouldBe("run_20220906_001");
    }

    [Fact]
    public async Task A_schema_that_a_session_reads_is_left_for_the_next_start()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.ExecuteAsync("create schema run_20200101_001; create table run_20200101_001.orders (id int)");
        await host.ExecuteAsync("create schema run_20200102_001");
        await using (var reader = await database.DataSource.OpenConnectionAsync())
        {
            await using var holding = await reader.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand("select * from run_20200101_001.orders", reader);
            await command.ExecuteNonQueryAsync();

            await host.Publisher.CleanUpAsync(default);
            (await SchemasAsync(host)).ShouldBe("run_20200101_001");
        }

        await host.Publisher.CleanUpAsync(default);
        (await SchemasAsync(host)).ShouldBeNull();
    }

    [Fact]
    public async Task A_run_that_was_stopped_after_its_attach_is_done_again_while_readers_hold_its_tables()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 1);
        var run = await host.BeginAsync(Tuesday);
        await host.BuildAsync(run, figure: 2);
        await host.ExecuteAsync(
            "alter table analytics.daily_orders add constraint brake check (orders <> 2) not valid"
        );
        await Should.ThrowAsync<EtlException>(() => host.Publisher.PublishAsync(run, default));
        await host.ExecuteAsync("alter table analytics.daily_orders drop constraint brake");
        (await host.ScalarAsync<long>("select sum(quantity)::bigint from staging.orders")).ShouldBe(100);
        await using (var reader = await database.DataSource.OpenConnectionAsync())
        {
            await using var holding = await reader.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand("select count(*) from staging.orders", reader);
            await command.ExecuteScalarAsync();

            await host.Publisher.CleanUpAsync(default);
            var loader = StagedRun.NewLoader(database.DataSource);
            (await SchemasAsync(host)).ShouldBe("run_20220905_001,run_20220906_001");
            await loader.PrepareAsync(run, default);
            (await SchemasAsync(host)).ShouldBe("run_20220905_001,run_20220906_001,run_20220906_001_load_2");
            await host.BuildAsync(run, figure: 3);
            await host.Publisher.PublishAsync(run, default);
        }

        (await host.ScalarAsync<long>("select sum(quantity)::bigint from staging.orders")).ShouldBe(300);
        await host.Publisher.CleanUpAsync(default);
        (await SchemasAsync(host)).ShouldBe("run_20220905_001,run_20220906_001");
    }

    [Fact]
    public async Task Loads_that_cannot_be_detached_are_reported()
    {
        await using var database = await server.CreateDatabaseAsync();
        var warnings = new List<string>();
        var observer = new Mock<IRunObserver>();
        observer.Setup(o => o.Warned(null, It.IsAny<string>())).Callback<RunId?, string>((_, w) => warnings.Add(w));
        var host = new LedgerHost(database, keepRuns: 0, observer: observer.Object);
        await host.PublishAsync(Monday, figure: 1);
        await using var reader = await database.DataSource.OpenConnectionAsync();
        await using var holding = await reader.BeginTransactionAsync();
        await using var command = new Npgsql.NpgsqlCommand("select count(*) from staging.orders", reader);
        await command.ExecuteScalarAsync();
        for (var figure = 2; figure <= 4; figure++)
        {
            await host.Publisher.CleanUpAsync(default);
            await host.PublishAsync(Monday, figure, force: true);
        }

        warnings.ShouldBeEmpty();
        await host.Publisher.CleanUpAsync(default);
        warnings.ShouldHaveSingleItem().ShouldStartWith("4 loads are attached in schema store: ");
    }

    private static Task<string?> SchemasAsync(LedgerHost host) =>
        host.ScalarAsync<string>(
            """
            select string_agg(nspname, ',' order by nspname) from pg_namespace
            where nspname like 'run%' or nspname = 'mine'
            """
        );
}
