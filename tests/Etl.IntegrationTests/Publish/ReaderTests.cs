using System.Diagnostics;
using Etl.IntegrationTests.Ledger;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Publish;

public class ReaderTests(PostgresServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task Readers_never_see_a_mix_of_runs_nor_an_empty_table_nor_an_error()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 1);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => PollAsync(database, stop.Token))).ToList();

        var held = new List<TimeSpan>();
        for (var figure = 2; figure <= 21; figure++)
        {
            held.Add((await host.PublishAsync(Monday, figure, force: true)).Held);
        }

        await stop.CancelAsync();
        var seen = await Task.WhenAll(readers);

        seen.SelectMany(s => s.Mixes).ShouldBeEmpty();
        seen.Sum(s => s.Reads).ShouldBeGreaterThan(20);
        output.WriteLine(
            $"{seen.Sum(s => s.Reads)} reads over 20 publishes; published in at most "
                + $"{held.Max().TotalMilliseconds:0} ms, slowest read {seen.Max(s => s.Slowest).TotalMilliseconds:0} ms"
        );
    }

    private static async Task<(int Reads, TimeSpan Slowest, List<string> Mixes)> PollAsync(
        TestDatabase database,
        CancellationToken stop
    )
    {
        var (reads, slowest, mixes) = (0, TimeSpan.Zero, new List<string>());
        await using var connection = await database.DataSource.OpenConnectionAsync(CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var command = new NpgsqlCommand(RunTables.Figures, connection);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            await reader.ReadAsync(CancellationToken.None);
            var (low, high, rows) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            reads++;
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
            if (low != high || rows != 100)
            {
                mixes.Add($"figures {low} to {high}, {rows} orders");
            }
        }

        return (reads, slowest, mixes);
    }

    [Fact]
    public async Task What_users_made_on_the_published_tables_survives_ten_publishes()
    {
        CitusCluster.Excludes("readers are granted the tables beneath by hand");
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 1);
        await host.ExecuteAsync(
            """
            create role survivor_reader;
            grant usage on schema staging, analytics to survivor_reader;
            grant select on staging.orders, analytics.agg_shipments to survivor_reader;
            create view public.revenue as select sum(total_price) as revenue from staging.orders;
            create view public.late as
              select ingestion_date, tt_late_shipments from analytics.agg_shipments;
            create table public.notes (
              day date references analytics.agg_shipments on delete cascade, note text);
            insert into public.notes values ('2022-09-05', 'kept');
            create index on store.orders (product_id);
            """
        );

        for (var figure = 2; figure <= 11; figure++)
        {
            await host.Publisher.CleanUpAsync(default);
            await host.PublishAsync(Monday, figure, force: true);
        }

        (
            await host.ScalarAsync<decimal>("set role survivor_reader; select count(*)::numeric from staging.orders")
        ).ShouldBe(100);
        (await host.ScalarAsync<decimal>("select revenue from public.revenue")).ShouldBe(100);
        (await host.ScalarAsync<int>("select tt_late_shipments from public.late")).ShouldBe(11);
        (await host.ScalarAsync<string>("select note from public.notes")).ShouldBe("kept");
        (
            await host.ScalarAsync<bool>(
                "select bool_and(indisvalid) and count(*) > 1 from pg_index where indexrelid::regclass::text like '%orders_product_id%'"
            )
        ).ShouldBeTrue();
    }
}
