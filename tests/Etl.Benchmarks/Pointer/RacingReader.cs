using System.Data;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Etl.Benchmarks.Pointer;

/// <summary>A session that reads through the views without a pause, and counts what no reader may see.</summary>
/// <param name="name">What the summary calls it.</param>
/// <param name="level">The isolation of its transactions.</param>
/// <param name="statements">Statements in each transaction; in 1, the statement is a transaction of its own.</param>
/// <param name="prepared">Whether its statements are prepared once.</param>
/// <param name="pause">The time between the statements of a transaction.</param>
internal sealed partial class RacingReader(
    string name,
    IsolationLevel level,
    int statements,
    bool prepared,
    TimeSpan pause
)
{
    /// <summary>The server reports each wait for a lock that lasts longer than 5 ms, and how long it was.</summary>
    private const string Reports = "-c log_lock_waits=on -c deadlock_timeout=5ms -c client_min_messages=log";

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
    private double longestLock;
    private int locks;

    public async Task ReadAsync(string connectionString, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Options='{Reports}'");
        connection.Notice += (_, report) => Record(report.Notice.MessageText);
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
        + $"longest {longest.TotalMilliseconds:0} ms, waits for a lock of over 5 ms {locks}, "
        + string.Create(CultureInfo.InvariantCulture, $"longest {longestLock:0} ms")
        + (error is null ? "" : $" ({error})");

    private void Record(string report)
    {
        if (Acquired().Match(report) is { Success: true } wait)
        {
            locks++;
            longestLock = Math.Max(
                longestLock,
                double.Parse(wait.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture)
            );
        }
    }

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

    [GeneratedRegex(@" acquired .* after (?<ms>[0-9.]+) ms$", RegexOptions.CultureInvariant)]
    private static partial Regex Acquired();
}
