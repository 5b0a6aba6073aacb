using System.Data;
using System.Globalization;
using Etl.TestKit;
using Npgsql;

namespace Etl.Benchmarks.Pointer;

/// <summary>
/// Readers in four isolation levels against loads that are attached, published by a pointer row and detached: counts empty
/// results, mixes of two loads and errors, and prints the longest statement of each reader. One session locks an attached
/// partition from time to time, so that readers stall while they are planned.
/// </summary>
internal static class Races
{
    private const int Rows = 2000;
    private const int Kept = 3;

    /// <summary>Tries to detach after each publish: every refused one is tried again.</summary>
    private const int Rounds = 40;

    /// <param name="cycles">Publishes; half of them with a session that stalls the readers.</param>
    /// <param name="major">Version of PostgreSQL; 0 for the installed one.</param>
    public static async Task<int> RunAsync(int cycles, int major)
    {
        await using var server = major == 0 ? new PostgresServer() : PostgresVersions.Create(major);
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        var tables = new PointerTables(database.DataSource, Rows);
        await tables.ExecuteAsync(PointerTables.Create);
        await tables.PublishAsync(1);
        var version = (await database.QueryAsync("show server_version")).Single();
        Console.WriteLine($"PostgreSQL {version}");
        RacingReader[] single =
        [
            new("read committed", IsolationLevel.ReadCommitted, 1, prepared: false, TimeSpan.Zero),
            new("read committed, prepared", IsolationLevel.ReadCommitted, 1, prepared: true, TimeSpan.Zero),
        ];
        RacingReader[] several =
        [
            new("read committed, 20 statements", IsolationLevel.ReadCommitted, 20, prepared: false, Pause(20)),
            new("read committed, 20 prepared", IsolationLevel.ReadCommitted, 20, prepared: true, Pause(20)),
            new("repeatable read", IsolationLevel.RepeatableRead, 5, prepared: false, Pause(20)),
            new("repeatable read, late", IsolationLevel.RepeatableRead, 2, prepared: false, Pause(300)),
            new("serializable", IsolationLevel.Serializable, 5, prepared: false, Pause(20)),
        ];
        await RaceAsync(database, tables, [.. single, .. several], 2, cycles / 2, stalled: false);
        RacingReader[] stalled =
        [
            new("read committed, stalled", IsolationLevel.ReadCommitted, 1, prepared: false, TimeSpan.Zero),
            new("prepared, stalled", IsolationLevel.ReadCommitted, 1, prepared: true, TimeSpan.Zero),
        ];
        await RaceAsync(database, tables, stalled, 2 + (cycles / 2), cycles - (cycles / 2), stalled: true);
        return 0;
    }

    private static async Task RaceAsync(
        TestDatabase database,
        PointerTables tables,
        RacingReader[] readers,
        int first,
        int cycles,
        bool stalled
    )
    {
        using var stop = new CancellationTokenSource();
        var work = readers.Select(r => Task.Run(() => r.ReadAsync(database.ConnectionString, stop.Token))).ToList();
        if (stalled)
        {
            work.Add(Task.Run(() => StallAsync(database.ConnectionString, tables, stop.Token)));
        }

        for (var load = first; load < first + cycles; load++)
        {
            await tables.PublishAsync(load);
            for (var round = 0; round < Rounds && tables.Attached.Count > Kept; round++)
            {
                await tables.CleanUpAsync();
                await Task.Delay(Pause(10));
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(work);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{cycles} cycles: most loads attached {tables.MostAttached}, detaches refused {tables.Refused}, "
                    + $"longest wait before a publish {tables.LongestWait.TotalMilliseconds:0} ms, without success {tables.LeftWaiting}"
            )
        );
        foreach (var reader in readers)
        {
            Console.WriteLine(reader);
        }
    }

    private static TimeSpan Pause(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static async Task StallAsync(string connectionString, PointerTables tables, CancellationToken stop)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        while (!stop.IsCancellationRequested)
        {
            var load = tables.Oldest;
            try
            {
                await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                await using var command = new NpgsqlCommand(
                    $"set local lock_timeout = '20ms'; lock table store.shipments_{load} in access exclusive mode; "
                        + "select pg_sleep(0.015)",
                    connection
                );
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (PostgresException)
            {
                // The load was dropped, or readers hold it.
            }

            await Task.Delay(30, CancellationToken.None);
        }
    }
}
