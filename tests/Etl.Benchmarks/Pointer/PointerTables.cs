using System.Globalization;
using Npgsql;

namespace Etl.Benchmarks.Pointer;

/// <summary>
/// Tables that are published by a pointer row, in raw SQL: parents partitioned by load, views that follow the pointer, and
/// the attach, flip and detach of a load.
/// </summary>
internal sealed class PointerTables(NpgsqlDataSource database, int rows)
{
    private static readonly string[] Names = ["orders", "shipments"];

    public const string Create = """
        create schema store; create schema staging; create schema analytics;
        create table analytics.figures (load_id int not null); insert into analytics.figures values (0);
        create table store.published (seq bigint generated always as identity primary key, load_id int not null,
          attached_at timestamptz not null);
        create table store.orders (order_id bigint not null, amount int not null, load_id int not null)
          partition by list (load_id);
        create table store.shipments (order_id bigint not null, amount int not null, load_id int not null)
          partition by list (load_id);
        create view staging.orders as select order_id, amount, load_id from store.orders
          where load_id = (
            select load_id from store.published where attached_at < transaction_timestamp() order by seq desc limit 1
          );
        create view staging.shipments as select order_id, amount, load_id from store.shipments
          where load_id = (
            select load_id from store.published where attached_at < transaction_timestamp() order by seq desc limit 1
          );
        """;

    private const string Alive = """
        select coalesce(array_agg(virtualtransaction), '{}') from pg_locks
        where locktype = 'virtualxid' and granted and pid <> pg_backend_pid()
        """;

    private readonly Dictionary<int, string[]> watched = [];

    public List<int> Attached { get; } = [];

    public int Oldest { get; private set; } = 1;

    public int MostAttached { get; private set; }

    public int Refused { get; private set; }

    public TimeSpan LongestWait { get; private set; }

    public int LeftWaiting { get; private set; }

    public async Task PublishAsync(int load)
    {
        await ExecuteAsync(Fill(load));
        await ExecuteAsync(
            $"""
            begin; set local lock_timeout = '5s';
            {string.Join(
                "\n",
                Names.Select(n => $"alter table store.{n} attach partition store.{n}_{load} for values in ({load});")
            )}
            commit
            """
        );
        await ExecuteAsync("analyze store.orders");
        await ExecuteAsync("analyze store.shipments");
        Attached.Add(load);
        MostAttached = Math.Max(MostAttached, Attached.Count);
        var attachedAt = await WaitAsync();
        await ExecuteAsync(
            $"""
            begin; update analytics.figures set load_id = {load};
            insert into store.published (load_id, attached_at) values ({load}, '{attachedAt:O}'); commit
            """
        );
        foreach (var old in Attached.Where(a => a != load && !watched.ContainsKey(a)))
        {
            await using var alive = database.CreateCommand(Alive);
            watched[old] = (string[])(await alive.ExecuteScalarAsync())!;
        }
    }

    /// <summary>Detaches the loads that no transaction can see any longer, and whose locks are free.</summary>
    public async Task CleanUpAsync()
    {
        await using var command = database.CreateCommand(Alive);
        var alive = ((string[])(await command.ExecuteScalarAsync())!).ToHashSet();
        foreach (var old in watched.Where(w => !w.Value.Any(alive.Contains)).Select(w => w.Key).ToList())
        {
            try
            {
                await ExecuteAsync(
                    $"""
                    begin;
                    lock table only store.orders in access exclusive mode nowait;
                    lock table only store.shipments in access exclusive mode nowait;
                    lock table only store.orders_{old} in access exclusive mode nowait;
                    lock table only store.shipments_{old} in access exclusive mode nowait;
                    alter table store.orders detach partition store.orders_{old};
                    alter table store.shipments detach partition store.shipments_{old};
                    commit
                    """
                );
                Attached.Remove(old);
                Oldest = Attached[0];
                watched.Remove(old);
                await ExecuteAsync(
                    $"set lock_timeout = '50ms'; drop table store.orders_{old}, store.shipments_{old}; reset lock_timeout"
                );
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                Refused++;
            }
        }
    }

    /// <summary>Waits at most 2 s for the transactions that began before the attach.</summary>
    private async Task<DateTime> WaitAsync()
    {
        await using var time = database.CreateCommand("select clock_timestamp()");
        var attachedAt = (DateTime)(await time.ExecuteScalarAsync())!;
        var begun = TimeProvider.System.GetTimestamp();
        await using var command = database.CreateCommand(Alive);
        var open = ((string[])(await command.ExecuteScalarAsync())!).ToHashSet();
        while (open.Count > 0 && TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(2))
        {
            await Task.Delay(5);
            open.IntersectWith((string[])(await command.ExecuteScalarAsync())!);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        LongestWait = elapsed > LongestWait ? elapsed : LongestWait;
        LeftWaiting += open.Count > 0 ? 1 : 0;
        return attachedAt;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException)
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
            throw;
        }
    }

    /// <summary>The statements that create and fill the tables of a load, with the check that spares the attach its scan.</summary>
    public string Fill(int load) =>
        string.Join(
            ";\n",
            Names.Select(n =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    create table store.{n}_{load} (order_id bigint not null, amount int not null,
                      load_id int not null default {load}, check (load_id = {load})) with (autovacuum_enabled = false);
                    insert into store.{n}_{load} (order_id, amount) select i, i % 100 from generate_series(1, {rows}) as i;
                    analyze store.{n}_{load}
                    """
                )
            )
        );
}
