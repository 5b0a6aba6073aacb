using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.LocalPostgres;

public class TestServerTests(PostgresServer server)
{
    [Fact]
    public async Task A_migrated_database_has_the_ledger_and_its_changes_stay_its_own()
    {
        await using var first = await server.CreateDatabaseAsync();
        await using var second = await server.CreateDatabaseAsync();
        await ExecuteAsync(first.DataSource, "drop table etl.runs cascade");

        (await ScalarAsync(first.DataSource, "select to_regclass('etl.runs')::text")).ShouldBe(DBNull.Value);
        (await ScalarAsync(second.DataSource, "select to_regclass('etl.runs')::text")).ShouldBe("etl.runs");
    }

    [Fact]
    public async Task An_empty_database_has_no_schema_of_ours()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);

        (await ScalarAsync(database.DataSource, "select to_regnamespace('staging')::text")).ShouldBe(DBNull.Value);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
