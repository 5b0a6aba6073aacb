using Etl.Application.Runs;
using Etl.Hosts.Console.Samples;
using Etl.IntegrationTests.Chaos;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Publish;

/// <summary>
/// Publications of logical replication that cover schemas or all tables. Under them PostgreSQL refuses changes of tables without
/// a key.
/// </summary>
public sealed class PublicationTests(PostgresServer server)
{
    [Theory]
    [InlineData("for all tables")]
    [InlineData("for tables in schema staging, store, analytics, etl")]
    public async Task The_migration_ten_runs_and_a_rollback_succeed_under_a_publication(string what)
    {
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["b"], Orders: 2000, DirtyPercent: 0.3m, Seed: 2), default);
        await using var place = await Workplace.CreateAsync(server);
        await place.ExecuteAsync(
            $"create schema staging; create schema store; create schema analytics; create schema etl; create publication mine {what}"
        );
        await using var a = new Hosted(place);
        await using var b = new Hosted(place, folder["b"]);

        for (var run = 1; run <= 10; run++)
        {
            var summary = await (run % 2 == 0 ? b : a).RunAsync(
                run <= 5 ? Workplace.Day : $"2025-07-0{run - 5}",
                force: run <= 5
            );
            summary.Status.ShouldBe(SummaryStatus.Succeeded, summary.Error?.Message);
        }

        var rollback = await EtlProcess.RunAsync(
            place.Folder,
            ["rollback", "--to", "20250704-001", "--connection", place.Connection, "--lake", place.Lake]
        );
        rollback.ExitCode.ShouldBe(0, rollback.Error);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBeGreaterThan(1000);
        (
            await place.QueryAsync<string[]>(
                """
                select array_agg(distinct tablename::text) from pg_publication_tables
                where pubname = 'mine' and schemaname in ('staging', 'store', 'analytics')
                """
            )
        ).ShouldContain("daily_orders");
    }
}
