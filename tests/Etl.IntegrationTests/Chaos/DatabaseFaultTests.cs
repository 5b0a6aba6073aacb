using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Errors of the database: the run fails with exit code 5, publishes nothing, and the rerun succeeds.</summary>
public sealed class DatabaseFaultTests(PostgresServer server)
{
    private const string Once = "--Etl:Run:Retries=0";

    [Fact]
    public async Task A_statement_timeout_of_the_database()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await place.AlterDatabaseAsync("set statement_timeout = '2s'");
        await using (await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            (await place.RunAsync(Once)).ShouldFail(5, "statement_timeout");
        }

        await place.ShouldHaveNothingPublishedAsync();
        await place.AlterDatabaseAsync("reset statement_timeout");
        await place.ShouldRecoverAsync(server);
    }

    [Fact]
    public async Task A_database_that_is_read_only()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await place.AlterDatabaseAsync("set default_transaction_read_only = on");
        (await place.RunAsync(Once)).ShouldFail(5, "the database is read-only");
        await place.ShouldHaveNothingPublishedAsync();
        await place.AlterDatabaseAsync("reset default_transaction_read_only");
        await place.ShouldRecoverAsync(server);
    }

    [Theory]
    [InlineData("")]
    [InlineData("grant usage on schema etl to {0}; grant all on all tables in schema etl to {0}")]
    public async Task A_role_without_rights(string grants)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var role = $"poor_{grants.Length}";
        await place.ExecuteAsync($"create role {role} login");
        try
        {
            await place.ExecuteAsync(
                grants.Length == 0 ? "select 1" : grants.Replace("{0}", role, StringComparison.Ordinal)
            );
            var poor = new NpgsqlConnectionStringBuilder(place.Connection) { Username = role };
            (await place.RunOnAsync(poor.ConnectionString, Once)).ShouldFail(5, "the user lacks a privilege");
            await place.ShouldHaveNothingPublishedAsync();
        }
        finally
        {
            await place.ExecuteAsync($"drop owned by {role}; drop role {role}");
        }

        await place.ShouldRecoverAsync(server);
    }

    [Fact]
    public async Task A_disk_of_the_server_that_is_full()
    {
        CitusCluster.Excludes("the nodes have no tablespace of the test");
        using var disk = SmallDisk.Mount("300k", forServer: true);
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var space = $"small_{Path.GetFileName(disk.Folder).Replace('-', '_').ToLowerInvariant()}";
        await place.ExecuteAsync($"create tablespace \"{space}\" location '{disk.Folder}/data'");
        try
        {
            await place.AlterDatabaseAsync($"set default_tablespace = \"{space}\"");
            (await place.RunAsync(Once)).ShouldFail(5, "the server's disk is full");
            await place.ShouldHaveNothingPublishedAsync();
            disk.Resize("64m");
            await place.ShouldRecoverAsync(server);
        }
        finally
        {
            await place.AlterDatabaseAsync("reset default_tablespace");
            NpgsqlConnection.ClearAllPools();
            await place.ExecuteAsync("drop schema if exists run_20250630_001, run_20250630_002 cascade");
            await place.ExecuteAsync($"drop tablespace \"{space}\"");
        }
    }
}
