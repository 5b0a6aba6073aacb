using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Distribution;

/// <summary>Runs on a real cluster, where <c>ETL_TEST_CITUS</c> names one.</summary>
public sealed class CitusTests(PostgresServer server)
{
    [Fact]
    public async Task Days_on_a_cluster_export_the_bytes_of_a_plain_server_and_keep_no_row_on_the_coordinator()
    {
        await using var place = Workplace.On(await CitusCluster.CreateDatabaseAsync());
        await using var plain = await Workplace.CreateAsync(server, place.Source);

        (await plain.RunAsync()).ExitCode.ShouldBe(0);
        var run = await place.RunAsync();

        run.ExitCode.ShouldBe(0, run.Error);
        var (expected, actual) = (plain.Exported("20250630-001"), place.Exported("20250630-001"));
        actual.Keys.Order().ShouldBe(expected.Keys.Order());
        foreach (var (name, bytes) in expected.Where(e => e.Key.EndsWith(".csv", StringComparison.Ordinal)))
        {
            actual[name].ShouldBe(bytes, name);
        }

        var nodes = await place.Database.QueryAsync(
            """
            select distinct (n.groupid <> 0)::text from citus_shards as s
            join pg_dist_node as n on (n.nodename, n.nodeport) = (s.nodename, s.nodeport)
            where s.table_name::text like 'run_%'
            """
        );
        nodes.ShouldBe(["true"]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
    }

    [Fact]
    public async Task A_reader_in_a_transaction_neither_delays_runs_nor_sees_their_rows()
    {
        await using var place = Workplace.On(await CitusCluster.CreateDatabaseAsync());
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        await using var reader = await place.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        (await SeenAsync(reader)).ShouldBe("20250630-001");

        for (var day = 1; day <= 3; day++)
        {
            (await place.RunAsync("--date", $"2025-07-0{day}")).ExitCode.ShouldBe(0);
        }

        (await SeenAsync(reader)).ShouldBe("20250630-001");
        await transaction.CommitAsync();
        (await SeenAsync(reader)).ShouldBe("20250703-001");
        (await place.RunAsync("--date", "2025-07-04")).ExitCode.ShouldBe(0);
        var attached = "select count(*) from pg_inherits where inhparent = 'store.orders'::regclass";
        (await place.QueryAsync<long>(attached)).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_part_whose_rows_were_committed_without_its_mark_is_not_stored_twice()
    {
        await using var place = Workplace.On(await CitusCluster.CreateDatabaseAsync());
        (await MigrateAsync(place)).ExitCode.ShouldBe(0);

        await LostMark.RunAsync(place);
    }

    [Fact]
    public async Task Keys_that_repeat_on_several_nodes_keep_the_row_of_the_first_part()
    {
        await using var place = Workplace.On(await CitusCluster.CreateDatabaseAsync());

        await ScatteredKeys.RunAsync(place);
    }

    [Fact]
    public async Task Loaders_connect_to_the_nodes_in_turn_and_a_coordinator_ends_their_sessions()
    {
        await using var database = await CitusCluster.CreateDatabaseAsync();
        var citus = TestDistribution.Of(database.ConnectionString, DatasetCatalog.BuiltIn);
        using var closing = citus as IDisposable;
        await using var ledger = await database.DataSource.OpenConnectionAsync();
        var run = RunId.Parse("20250630-001");
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString).Port;

        var first = await citus.ConnectAsync(run, database.DataSource, ledger, CancellationToken.None);
        var second = await citus.ConnectAsync(run, database.DataSource, ledger, CancellationToken.None);

        int[] ports = [own, first!.Connection.Port, second!.Connection.Port];
        ports.Distinct().Count().ShouldBe(3);
        await using var transaction = await first.Connection.BeginTransactionAsync();
        var (session, started) = await IdentifyAsync(first.Connection, citus.IdentifySession);
        foreach (var (at, expected) in new[] { (started.AddSeconds(-1), false), (started, true), (started, false) })
        {
            await using var end = new NpgsqlCommand($"select {citus.EndSession("$1", "$2")} is true", ledger);
            end.Parameters.Add(new NpgsqlParameter { Value = session });
            end.Parameters.Add(new NpgsqlParameter { Value = at });
            (await end.ExecuteScalarAsync()).ShouldBe(expected);
        }

        await Should.ThrowAsync<NpgsqlException>(IdentifyAsync(first.Connection, citus.IdentifySession));
        await second.Connection.DisposeAsync();
    }

    private static Task<EtlProcess> MigrateAsync(Workplace place) =>
        EtlProcess.RunAsync(place.Folder, "migrate", "--connection", place.Connection);

    private static async Task<(long Session, DateTime Started)> IdentifyAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetDateTime(1));
    }

    private static async Task<string?> SeenAsync(NpgsqlConnection reader)
    {
        await using var command = new NpgsqlCommand(
            "select string_agg(distinct run_id, ' ') from staging.orders",
            reader
        );
        return (string?)await command.ExecuteScalarAsync();
    }
}
