using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Distribution;

/// <summary>Runs on a real cluster, where <c>ETL_TEST_CITUS</c> names one.</summary>
public sealed class CitusTests(PostgresServer server)
{
    private const string Setting = "--Etl:Postgres:Distribution=Citus";

    [Fact]
    public async Task Days_on_a_cluster_export_the_bytes_of_a_plain_server_and_keep_no_row_on_the_coordinator()
    {
        await using var place = Workplace.On(await CitusCluster.CreateDatabaseAsync());
        await using var plain = await Workplace.CreateAsync(server, place.Source);

        (await plain.RunAsync()).ExitCode.ShouldBe(0);
        var run = await place.RunAsync(Setting);

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
        (await place.RunAsync(Setting)).ExitCode.ShouldBe(0);
        await using var reader = await place.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        (await SeenAsync(reader)).ShouldBe("20250630-001");

        for (var day = 1; day <= 3; day++)
        {
            (await place.RunAsync(Setting, "--date", $"2025-07-0{day}")).ExitCode.ShouldBe(0);
        }

        (await SeenAsync(reader)).ShouldBe("20250630-001");
        await transaction.CommitAsync();
        (await SeenAsync(reader)).ShouldBe("20250703-001");
        (await place.RunAsync(Setting, "--date", "2025-07-04")).ExitCode.ShouldBe(0);
        var attached = "select count(*) from pg_inherits where inhparent = 'store.orders'::regclass";
        (await place.QueryAsync<long>(attached)).ShouldBeLessThanOrEqualTo(2);
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
