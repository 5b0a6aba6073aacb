using System.Globalization;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>The transactions that other sessions have open.</summary>
internal sealed class OpenTransactions(NpgsqlConnection connection, TimeProvider clock)
{
    /// <summary>
    /// Virtual transaction IDs, which every user may see, of the database's open transactions; not those of the server's own
    /// processes, which read no view.
    /// </summary>
    public const string Query = """
        select l.virtualtransaction from pg_locks as l join pg_stat_activity as a on a.pid = l.pid
        where l.locktype = 'virtualxid' and l.granted and l.pid <> pg_backend_pid() and a.usesysid is not null
          and a.datid = (select oid from pg_database where datname = current_database())
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until every transaction that is open now has ended, but not for long.</summary>
    /// <returns>The time before the first look, as an SQL expression.</returns>
    public async Task<string> WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var now = await connection.ReadValueAsync<DateTime>("select clock_timestamp()", [], cancellationToken);
        var open = await ReadAsync(cancellationToken);
        while (open.Count > 0 && clock.GetElapsedTime(begun) < longest)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            open.IntersectWith(await ReadAsync(cancellationToken));
        }

        return string.Create(CultureInfo.InvariantCulture, $"timestamptz '{now:yyyy-MM-dd HH:mm:ss.ffffff}+00'");
    }

    private async Task<HashSet<string>> ReadAsync(CancellationToken cancellationToken) =>
        [.. await connection.ReadRowsAsync(Query, [], row => row.GetString(0), cancellationToken)];
}
