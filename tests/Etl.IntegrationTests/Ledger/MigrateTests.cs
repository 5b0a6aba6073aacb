using Etl.Infrastructure.Ledger;
using Etl.TestKit;
using Microsoft.EntityFrameworkCore;
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

        (await host.Migrations.MigrateAsync(default)).ShouldBe(LedgerMigrations.All);
        (await host.Migrations.MigrateAsync(default)).ShouldBeEmpty();

        (await host.ScalarAsync<long>("select count(*) from etl.runs")).ShouldBe(0);
        (await host.ScalarAsync<long>("select count(*) from etl.migrations")).ShouldBe(LedgerMigrations.All.Count);
    }

    [Fact]
    public async Task The_migrations_are_listed_in_order_and_create_what_the_model_describes()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await using var context = LedgerContext.Open(database.DataSource);

        context.Database.GetMigrations().ShouldBe(LedgerMigrations.All);
        context.Database.HasPendingModelChanges().ShouldBeFalse("run dotnet ef migrations add");
    }

    [Fact]
    public async Task Many_hosts_may_migrate_an_empty_database_at_once()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var database = await server.CreateDatabaseAsync(migrated: false);
            var hosts = Enumerable.Range(0, 12).Select(_ => new LedgerHost(database)).ToList();

            await Task.WhenAll(hosts.Select(h => Task.Run(() => h.Migrations.MigrateAsync(default))));

            var applied = await hosts[0].ScalarAsync<long>("select count(*) from etl.migrations");
            applied.ShouldBe(LedgerMigrations.All.Count);
        }
    }
}
