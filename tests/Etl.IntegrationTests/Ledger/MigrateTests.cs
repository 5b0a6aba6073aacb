using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.TestKit;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
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

        (await host.Ledger.MigrateAsync(default)).ShouldBe(["0001_foundation", "0002_report_and_usage"]);
        (await host.Ledger.MigrateAsync(default)).ShouldBeEmpty();

        (await host.ScalarAsync<long>("select count(*) from etl.runs")).ShouldBe(0);
        (await host.ScalarAsync<long>("select count(*) from etl.migrations")).ShouldBe(2);
    }

    [Fact]
    public async Task A_database_of_an_earlier_version_keeps_its_runs()
    {
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        await using (var context = LedgerContext.Open(database.DataSource))
        {
            var record = context.GetService<IHistoryRepository>();
            await database.ExecuteAsync(SqlFile.Read("Ledger/Migrations/0001_foundation.sql"));
            await database.ExecuteAsync(record.GetCreateScript());
            await database.ExecuteAsync(record.GetInsertScript(new HistoryRow("0001_foundation", "10.0")));
        }

        await database.ExecuteAsync(
            """
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, status, started_at, attempts)
            values ('20250630-001', '2025-06-30', 1, '2025-06-30', 'manual', false, 'succeeded', now(), 1)
            """
        );
        var host = new LedgerHost(database);

        (await host.Ledger.MigrateAsync(default)).ShouldBe(["0002_report_and_usage"]);

        var kept = await host.Ledger.FindAsync(RunId.Parse("20250630-001"), default);
        kept!.ReportUri.ShouldBeNull();
        kept.Run.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Many_hosts_may_migrate_an_empty_database_at_once()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var database = await server.CreateDatabaseAsync(migrated: false);
            var hosts = Enumerable.Range(0, 12).Select(_ => new LedgerHost(database)).ToList();

            await Task.WhenAll(hosts.Select(h => Task.Run(() => h.Ledger.MigrateAsync(default))));

            (await hosts[0].ScalarAsync<long>("select count(*) from etl.migrations")).ShouldBe(2);
        }
    }
}
