using System.Data;
using System.Diagnostics;
using Npgsql;

namespace Etl.Benchmarks.Pointer;

/// <summary>A session that reads through the views without a pause, and counts what no reader may see.</summary>
/// <param name="name">What the summary calls it.</param>
/// <param name="level">The isolation of its transactions.</param>
/// <param name="statements">Statements in each transaction; in 1, the statement is a transaction of its own.</param>
/// <param name="prepared">Whether its statements are prepared once.</param>
/// <param name="pause">The time between the statements of a transaction.</param>
internal sealed class RacingReader(string name, IsolationLevel level, int statements, bool prepared, TimeSpan pause)
{
    private const string One =
        "select count(*), min(load_id), max(load_id), (select load_id from analytics.figures) from staging.orders";

    private const string Joined = """
        select count(*), least(min(o.load_id), min(s.load_id)), greatest(max(o.load_id), max(s.load_id)),
          (select load_id from analytics.figures)
        from staging.orders as o join staging.shipments as s using (order_id)
        """;

    private long count;
    private long empty;
    private long mixed;
    private long beside;
    private long errors;
    private string? error;
    private TimeSpan longest;

    public async Task ReadAsync(string connectionString, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        await using var one = new NpgsqlCommand(One, connection);
        await using var joined = new NpgsqlCommand(Joined, connection);
        if (prepared)
        {
            await one.PrepareAsync(CancellationToken.None);
            await joined.PrepareAsync(CancellationToken.None);
        }

        while (!stop.IsCancellationRequested)
        {
            try
            {
                var begun = Stopwatch.GetTimestamp();
                await TransactAsync(connection, one, joined);
                await Task.Delay(Rest(Stopwatch.GetElapsedTime(begun)), CancellationToken.None);
            }
            catch (PostgresException exception)
            {
                errors++;
                error = $"{exception.SqlState} {exception.MessageText}";
            }
        }
    }

    public override string ToString() =>
        $"{name, -38} {count, 8} statements, {empty} empty, {mixed} mixed, {beside} beside other analytics, {errors} errors, "
        + $"longest {longest.TotalMilliseconds:0} ms{(error is null ? "" : $" ({error})")}";

    /// <summary>Readers leave the tables alone from time to time, so that loads can be detached.</summary>
    private TimeSpan Rest(TimeSpan transaction) => statements == 1 ? TimeSpan.FromMilliseconds(1) : transaction * 2;

    private async Task TransactAsync(NpgsqlConnection connection, NpgsqlCommand one, NpgsqlCommand joined)
    {
        if (statements == 1)
        {
            await ReadAsync(count % 2 == 0 ? one : joined);
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(level);
        int? seen = null;
        if (level != IsolationLevel.ReadCommitted)
        {
            await using var first = new NpgsqlCommand("select max(seq) from store.published", connection);
            await first.ExecuteScalarAsync();
        }

        for (var i = 0; i < statements; i++)
        {
            await Task.Delay(pause);
            var load = await ReadAsync(i % 2 == 0 ? one : joined);
            mixed += level != IsolationLevel.ReadCommitted && seen is not null && seen != load ? 1 : 0;
            seen = load;
        }

        await transaction.CommitAsync();
    }

    private async Task<int> ReadAsync(NpgsqlCommand command)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        var elapsed = Stopwatch.GetElapsedTime(begun);
        longest = elapsed > longest ? elapsed : longest;
        count++;
        if (row.GetInt64(0) == 0)
        {
            empty++;
            return 0;
        }

        mixed += row.GetInt32(1) == row.GetInt32(2) ? 0 : 1;
        beside += row.GetInt32(1) == row.GetInt32(3) ? 0 : 1;
        return row.GetInt32(1);
    }
}
