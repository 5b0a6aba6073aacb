using System.Globalization;
using Npgsql;
using Xunit;

namespace Etl.TestKit;

/// <summary>
/// A Citus cluster that someone else has started: <c>ETL_TEST_CITUS</c> is the connection string of its coordinator, as a
/// superuser who may log in to each node, in a database that knows the nodes. Without it the tests are skipped. With
/// <c>ETL_TEST_CITUS_ALL=true</c> all tests that use the assembly's server run on the cluster instead.
/// </summary>
public static class CitusCluster
{
    private const string Variable = "ETL_TEST_CITUS";

    private const string Prefix = "etl_test_";

    private static int count;

    /// <summary>Whether all tests run on the cluster.</summary>
    public static bool HasAllTests => Environment.GetEnvironmentVariable("ETL_TEST_CITUS_ALL") == "true";

    /// <summary>Skips a test that cannot run on a cluster, if all tests do.</summary>
    public static void Excludes(string reason) => Assert.SkipWhen(HasAllTests, $"Not on a Citus cluster: {reason}.");

    /// <summary>The environment of a program for the cluster, if one of its arguments or settings names a database there.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(IEnumerable<string> texts) =>
        texts.Any(Has) ? new Dictionary<string, string> { ["ETL__POSTGRES__DISTRIBUTION"] = "Citus" } : [];

    /// <summary>The arguments of a program for a database on the cluster; none for another one.</summary>
    public static IReadOnlyList<string> Arguments(TestDatabase database) =>
        Has(database.ConnectionString) ? ["--Etl:Postgres:Distribution=Citus"] : [];

    /// <summary>Whether a connection string names a database on the cluster.</summary>
    public static bool Has(string connection) => connection.Contains(Prefix, StringComparison.Ordinal);

    /// <summary>Creates a database on each node and joins them.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync()
    {
        var cluster = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(
            !string.IsNullOrEmpty(cluster),
            $"{Variable} does not name the coordinator of a Citus cluster: the tests on a real one are not run."
        );
        var coordinator = new NpgsqlConnectionStringBuilder(cluster) { Pooling = false };
        var workers = await WorkersAsync(coordinator);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{Environment.ProcessId}_{Interlocked.Increment(ref count)}"
        );
        foreach (var node in workers.Prepend(coordinator))
        {
            await ExecuteAsync(node, $"create database {name} template template0");
            await ExecuteAsync(On(node, name), "create extension citus");
        }

        await ExecuteAsync(
            On(coordinator, name),
            $"select citus_set_coordinator_host('{coordinator.Host}', {coordinator.Port})"
        );
        foreach (var node in workers)
        {
            await ExecuteAsync(On(coordinator, name), $"select citus_add_node('{node.Host}', {node.Port})");
        }

        return new TestDatabase(
            name,
            new NpgsqlConnectionStringBuilder(cluster) { Database = name }.ConnectionString,
            dropped => DropAsync(workers.Prepend(coordinator), dropped)
        )
        {
            Nodes = [.. workers.Prepend(coordinator).Select(n => On(n, name).ConnectionString)],
        };
    }

    private static async Task<List<NpgsqlConnectionStringBuilder>> WorkersAsync(
        NpgsqlConnectionStringBuilder coordinator
    )
    {
        await using var connection = new NpgsqlConnection(coordinator.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select nodename, nodeport from pg_dist_node where groupid <> 0 order by groupid",
            connection
        );
        await using var row = await command.ExecuteReaderAsync();
        var workers = new List<NpgsqlConnectionStringBuilder>();
        while (await row.ReadAsync())
        {
            workers.Add(new(coordinator.ConnectionString) { Host = row.GetString(0), Port = row.GetInt32(1) });
        }

        return workers;
    }

    private static async Task DropAsync(IEnumerable<NpgsqlConnectionStringBuilder> nodes, string name)
    {
        foreach (var node in nodes)
        {
            await ExecuteAsync(node, $"drop database if exists {name} with (force)");
        }
    }

    private static NpgsqlConnectionStringBuilder On(NpgsqlConnectionStringBuilder node, string database) =>
        new(node.ConnectionString) { Database = database };

    private static async Task ExecuteAsync(NpgsqlConnectionStringBuilder node, string sql)
    {
        await using var connection = new NpgsqlConnection(node.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
