using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Ledger;

public class MigrateTests(PostgresServer server)
{
    [Fact]
    public async Task An_empty_database_is_migrated_once()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        var host = new LedgerHost(database);

        (await host.Ledger.MigrateAsync(default)).ShouldBe(["0001_foundation"]);
        (await host.Ledger.MigrateAsync(default)).ShouldBeEmpty();

        (await host.ScalarAsync<long>("select count(*) from etl.runs")).ShouldBe(0);
        (await host.ScalarAsync<long>("select count(*) from etl.migrations")).ShouldBe(1);
    }

    [Fact]
    public async Task Many_hosts_may_migrate_an_empty_database_at_once()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var database = await server.CreateDatabaseAsync(migrated: false);
            var hosts = Enumerable.Range(0, 12).Select(_ => new LedgerHost(database)).ToList();

            await Task.WhenAll(hosts.Select(h => Task.Run(() => h.Ledger.MigrateAsync(default))));

            (await hosts[0].ScalarAsync<long>("select count(*) from etl.migrations")).ShouldBe(1);
        }
    }
}
