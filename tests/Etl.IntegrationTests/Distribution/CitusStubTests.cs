using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Lambda;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Distribution;

/// <summary>What is distributed, in which order and how, on a plain database with the functions of Citus.</summary>
public sealed class CitusStubTests
{
    private const string Setting = "--Etl:Postgres:Distribution=Citus";

    private readonly PostgresServer server;

    public CitusStubTests(PostgresServer server)
    {
        CitusCluster.Excludes("it has the functions that the tests replace");
        this.server = server;
    }

    private static readonly string[] Migrated =
    [
        "store.orders|order_id|default|0",
        "store.reviews|product_id|default|0",
        "store.shipments|order_id|default|0",
        "store.published",
        "analytics.agg_public_holiday",
        "analytics.agg_shipments",
        "analytics.best_performing_product",
        "analytics.product_performance",
        "analytics.daily_orders",
        "analytics.shipment_status",
    ];

    [Fact]
    public async Task A_migration_distributes_what_readers_read_once()
    {
        await using var place = await CreateAsync();

        (await MigrateAsync(place)).ExitCode.ShouldBe(0);
        (await CallsAsync(place)).ShouldBe(Migrated);
        (await MigrateAsync(place)).ExitCode.ShouldBe(0);
        (await CallsAsync(place)).ShouldBe(Migrated);
    }

    [Fact]
    public async Task A_migration_distributes_the_tables_of_a_database_that_was_not_distributed()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await CitusStub.InstallAsync(place.Database);

        var migrated = await MigrateAsync(place);

        migrated.ExitCode.ShouldBe(0, migrated.Error);
        migrated.Out.ShouldContain("distribution of store.orders");
        (await CallsAsync(place)).ShouldBe(Migrated);
    }

    [Fact]
    public async Task A_run_of_the_console_host_distributes_its_tables_while_they_are_empty() =>
        await RunAsync(async place =>
        {
            var run = await place.RunAsync(Setting);
            run.ExitCode.ShouldBe(0, run.Error);
        });

    [Fact]
    public async Task A_run_of_the_Lambda_host_distributes_its_tables_while_they_are_empty() =>
        await RunAsync(async place =>
        {
            await using var host = LambdaProcess.Start(place, ("ETL__POSTGRES__DISTRIBUTION", "Citus"));
            var answer = await host.SucceedAsync($$"""{"date":"{{Workplace.Day}}"}""");
            answer.GetProperty("status").GetString().ShouldBe("succeeded");
        });

    [Fact]
    public async Task Keys_that_repeat_on_several_nodes_keep_the_row_of_the_first_part()
    {
        await using var place = await CreateAsync();

        await ScatteredKeys.RunAsync(place);

        (await CallsAsync(place)).ShouldContain("run_20250630_001.\"shipments keys\"|shipment_id|none|0");
    }

    [Theory]
    [InlineData("delete from pg_dist_node where groupid = 0", 2, "does not know its coordinator")]
    [InlineData("delete from pg_dist_node where groupid > 0", 2, "has no node that stores rows")]
    [InlineData("update node_health set result = false", 5, "coordinator:5432 does not reach worker:5432")]
    public async Task A_cluster_that_is_not_complete_is_an_error_of_the_pre_flight(
        string change,
        int exitCode,
        string message
    )
    {
        await using var place = await CreateAsync();
        await place.Database.ExecuteAsync($"set allow_system_table_mods = on; {change}; reset allow_system_table_mods");

        (await MigrateAsync(place)).ShouldFail(exitCode, message);
        var doctor = await EtlProcess.RunAsync(
            place.Folder,
            ["doctor", "--connection", place.Connection, "--source", place.Source, "--json", Setting]
        );
        doctor.Out.ShouldContain(message);
    }

    [Fact]
    public async Task Citus_without_the_extension_is_an_error()
    {
        await using var place = await Workplace.CreateAsync(server);

        (await MigrateAsync(place)).ShouldFail(2, "does not have the extension citus");
    }

    [Fact]
    public async Task Distributed_tables_without_the_setting_are_an_error()
    {
        await using var place = await CreateAsync();
        (await MigrateAsync(place)).ExitCode.ShouldBe(0);

        (await place.RunAsync()).ShouldFail(2, "Table store.orders is distributed over the nodes of a Citus cluster");
    }

    [Fact]
    public async Task A_part_whose_rows_were_committed_without_its_mark_is_not_stored_twice()
    {
        await using var place = await CreateAsync();
        (await MigrateAsync(place)).ExitCode.ShouldBe(0);

        await LostMark.RunAsync(place, Setting);
    }

    [Fact]
    public async Task Doctor_names_the_nodes_that_loaders_do_not_reach()
    {
        await using var place = await CreateAsync();
        await place.Database.ExecuteAsync(
            "set allow_system_table_mods = on; update pg_dist_node set metadatasynced = false where groupid = 2"
        );
        string[] line = ["doctor", "--connection", place.Connection, "--source", place.Source, "--json", Setting];

        var loaders = await EtlProcess.RunAsync(place.Folder, [.. line, "--Etl:Run:Loaders=1"]);
        var none = await EtlProcess.RunAsync(place.Folder, line);

        loaders.Out.ShouldContain(
            "Could not connect a loader to a node: PostgreSQL cannot be reached (connection refused)"
        );
        loaders.Out.ShouldContain("Database: 127.0.0.1:1/");
        loaders.Out.ShouldContain("Let the loaders connect to the nodes");
        none.Out.ShouldNotContain("connect a loader");
    }

    [Fact]
    public async Task A_loader_without_the_setting_does_not_help_a_run_on_a_cluster()
    {
        await using var place = await CreateAsync();
        (await MigrateAsync(place)).ExitCode.ShouldBe(0);
        await place.Database.ExecuteAsync(
            """
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts, lease_owner)
            values ('20250630-001', '2025-06-30', 1, '2025-06-30', 'manual', false, 'running', '2025-06-30', 1, 'this host')
            """
        );

        var helper = await EtlProcess.RunAsync(
            place.Folder,
            ["load", "--connection", place.Connection, "--source", place.Source, "--json"]
        );

        helper.ShouldFail(2, "Table store.orders is distributed over the nodes of a Citus cluster");
    }

    private async Task RunAsync(Func<Workplace, Task> run)
    {
        await using var place = await CreateAsync();

        await run(place);

        (await CallsAsync(place)).ShouldBe([
            .. Migrated,
            "run_20250630_001.orders|order_id|\"store\".\"orders\"|0",
            "run_20250630_001.reviews|product_id|\"store\".\"reviews\"|0",
            "run_20250630_001.shipments|order_id|\"store\".\"shipments\"|0",
            "run_20250630_001.\"recorded parts\"|part|none|0",
        ]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
    }

    private async Task<Workplace> CreateAsync()
    {
        var place = await Workplace.CreateAsync(server);
        await CitusStub.InstallAsync(place.Database);
        return place;
    }

    private static Task<EtlProcess> MigrateAsync(Workplace place) =>
        EtlProcess.RunAsync(place.Folder, "migrate", "--connection", place.Connection, "--json", Setting);

    private static Task<IReadOnlyList<string>> CallsAsync(Workplace place) =>
        place.Database.QueryAsync(CitusStub.Calls);
}
