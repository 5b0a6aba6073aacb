using System.Data;
using System.Diagnostics;
using Etl.Domain.Runs;
using Etl.IntegrationTests.Ledger;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;
using static Etl.IntegrationTests.Ledger.LedgerHost;

namespace Etl.IntegrationTests.Publish;

/// <summary>Readers that keep a transaction open while runs publish.</summary>
public sealed class OpenReaderTests(PostgresServer server)
{
    private const string Staging = "select min(run_id) || ' ' || count(*) || ' ' || sum(quantity) from staging.orders";
    private const string Products =
        "select min(product_id) || ' to ' || max(product_id) from analytics.product_performance";
    private const string Analytics = "select max(tt_late_shipments)::text from analytics.agg_shipments";

    [Theory]
    [InlineData(IsolationLevel.ReadCommitted, "9")]
    [InlineData(IsolationLevel.RepeatableRead, "7")]
    [InlineData(IsolationLevel.Serializable, "7")]
    public async Task A_transaction_that_stays_open_delays_no_publish_and_keeps_its_run(
        IsolationLevel level,
        string analytics
    )
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database, keepRuns: 0);
        await host.PublishAsync(Monday, figure: 7);
        await using var reader = await database.DataSource.OpenConnectionAsync();
        await using var holding = await reader.BeginTransactionAsync(level);
        await using var prepared = new NpgsqlCommand(Staging, reader);
        await prepared.PrepareAsync();
        (await prepared.ExecuteScalarAsync()).ShouldBe("20220905-001 100 700");

        var (run, _) = await host.PublishAsync(Tuesday, figure: 9);
        await host.Publisher.CleanUpAsync(default);

        (await host.ScalarAsync<string>(Staging)).ShouldBe($"{run} 100 900");
        await using var again = new NpgsqlCommand(Staging, reader);
        (await again.ExecuteScalarAsync()).ShouldBe("20220905-001 100 700");
        (await prepared.ExecuteScalarAsync()).ShouldBe("20220905-001 100 700");
        await using var figures = new NpgsqlCommand(Analytics, reader);
        (await figures.ExecuteScalarAsync()).ShouldBe(analytics);
        (await AttachedAsync(host)).ShouldBe(6);

        await holding.CommitAsync();
        (await prepared.ExecuteScalarAsync()).ShouldBe($"{run} 100 900");
        await host.Publisher.CleanUpAsync(default);
        (await AttachedAsync(host)).ShouldBe(3);
        (await host.ScalarAsync<bool>("select to_regnamespace('run_20220905_001') is null")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(IsolationLevel.ReadCommitted, false)]
    [InlineData(IsolationLevel.RepeatableRead, false)]
    [InlineData(IsolationLevel.Serializable, false)]
    [InlineData(IsolationLevel.ReadCommitted, true)]
    [InlineData(IsolationLevel.RepeatableRead, true)]
    [InlineData(IsolationLevel.Serializable, true)]
    public async Task A_transaction_that_stays_open_delays_no_rollback_and_keeps_its_run(
        IsolationLevel level,
        bool sinceTheRestoredRun
    )
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database, keepRuns: 9);
        var (monday, _) = await host.PublishAsync(Monday, figure: 7);
        if (!sinceTheRestoredRun)
        {
            await host.PublishAsync(Tuesday, figure: 9);
        }

        await using var reader = await database.DataSource.OpenConnectionAsync();
        await using var holding = await reader.BeginTransactionAsync(level);
        await using var prepared = new NpgsqlCommand(Staging, reader);
        await prepared.PrepareAsync();
        await using var products = new NpgsqlCommand(Products, reader);
        var (staging, analytics) = sinceTheRestoredRun
            ? ("20220905-001 100 700", "7 to 16")
            : ("20220906-001 100 900", "9 to 18");
        (await prepared.ExecuteScalarAsync()).ShouldBe(staging);
        (await products.ExecuteScalarAsync()).ShouldBe(analytics);
        var figures = await FiguresAsync(reader);
        if (sinceTheRestoredRun)
        {
            await host.PublishAsync(Tuesday, figure: 9);
        }

        var begun = Stopwatch.GetTimestamp();
        var (rollback, _) = await host.RollBackAsync(monday);
        // It waits 2 s for open transactions.
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await host.Publisher.CleanUpAsync(default);

        (await host.ScalarAsync<string>(Staging)).ShouldBe($"{rollback} 100 700");
        (await prepared.ExecuteScalarAsync()).ShouldBe(staging);
        await using var again = new NpgsqlCommand(Staging, reader);
        (await again.ExecuteScalarAsync()).ShouldBe(staging);
        (await products.ExecuteScalarAsync()).ShouldBe(level == IsolationLevel.ReadCommitted ? "7 to 16" : analytics);
        if (level != IsolationLevel.ReadCommitted)
        {
            (await FiguresAsync(reader)).ShouldBe(figures);
        }

        await holding.CommitAsync();
        (await prepared.ExecuteScalarAsync()).ShouldBe($"{rollback} 100 700");
        await host.Publisher.CleanUpAsync(default);
        (await AttachedAsync(host)).ShouldBe(3);
    }

    [Fact]
    public async Task A_snapshot_that_reads_staging_for_the_first_time_after_the_clean_up_sees_its_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 7);
        await using var reader = await database.DataSource.OpenConnectionAsync();
        await using var holding = await reader.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using var snapshot = new NpgsqlCommand("select 1", reader);
        await snapshot.ExecuteScalarAsync();

        await host.PublishAsync(Tuesday, figure: 9);
        await host.Publisher.CleanUpAsync(default);

        await using var first = new NpgsqlCommand(Staging, reader);
        (await first.ExecuteScalarAsync()).ShouldBe("20220905-001 100 700");
    }

    [Fact]
    public async Task A_load_that_a_session_reads_is_left_for_the_next_start()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 7);
        await host.PublishAsync(Tuesday, figure: 9);
        await using (var reader = await database.DataSource.OpenConnectionAsync())
        {
            await using var holding = await reader.BeginTransactionAsync();
            await using var read = new NpgsqlCommand(Staging, reader);
            await read.ExecuteScalarAsync();

            await host.Publisher.CleanUpAsync(default);
            (await AttachedAsync(host)).ShouldBe(4, "only orders are read");
            (await host.ScalarAsync<string>(Staging)).ShouldBe("20220906-001 100 900", "nobody waits");
        }

        await host.Publisher.CleanUpAsync(default);
        (await AttachedAsync(host)).ShouldBe(3);
    }

    [Fact]
    public async Task A_dump_of_the_database_delays_no_publish_and_a_restored_database_works()
    {
        await using var database = await server.CreateDatabaseAsync();
        var host = new LedgerHost(database);
        await host.PublishAsync(Monday, figure: 7);
        await using var restored = await server.CreateDatabaseAsync(migrated: false);
        using var folder = new TempFolder();
        // Stops the dump in its transaction, with a lock on every table, before it reads this one.
        await host.ExecuteAsync("create table public.last (id int)");
        await using (var brake = await database.DataSource.OpenConnectionAsync())
        {
            await using var holding = await brake.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table public.last in access exclusive mode", brake);
            await hold.ExecuteNonQueryAsync();
            var dump = RunAsync("pg_dump", database, "-Fc", "-f", folder["dump"]);
            while (
                !await host.ScalarAsync<bool>(
                    "select exists (select from pg_locks where not granted and relation = 'public.last'::regclass)"
                )
            )
            {
                dump.IsFaulted.ShouldBeFalse();
            }

            await host.PublishAsync(Tuesday, figure: 9);
            dump.IsCompleted.ShouldBeFalse();
            await holding.CommitAsync();
            await dump;
        }

        CitusCluster.Excludes("a dump of the coordinator has no rows of the nodes");
        await RunAsync("pg_restore", restored, "--exit-on-error", folder["dump"]);
        var copy = new LedgerHost(restored);
        (await copy.ScalarAsync<string>(Staging)).ShouldBe("20220905-001 100 700");
        await copy.PublishAsync(BusinessDate.Parse("2022-09-07"), figure: 11);
        await copy.Publisher.CleanUpAsync(default);
        (await copy.ScalarAsync<string>(Staging)).ShouldBe("20220907-001 100 1100");
        (await AttachedAsync(copy)).ShouldBe(3);
    }

    /// <summary>Of all published tables.</summary>
    private static async Task<(object Lowest, object Highest, object Rows)> FiguresAsync(NpgsqlConnection reader)
    {
        await using var command = new NpgsqlCommand(RunTables.Figures, reader);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetValue(0), row.GetValue(1), row.GetValue(2));
    }

    private static Task<long> AttachedAsync(LedgerHost host) =>
        host.ScalarAsync<long>("select count(*) from pg_inherits");

    private static async Task RunAsync(string program, TestDatabase database, params string[] arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(program, [.. arguments, "-d", connection.Database!])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = connection.Host,
                ["PGPORT"] = $"{connection.Port}",
                ["PGUSER"] = connection.Username,
                ["PGPASSWORD"] = connection.Password,
            },
        };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, error);
    }
}
