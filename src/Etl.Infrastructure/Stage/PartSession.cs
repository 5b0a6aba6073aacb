using System.Globalization;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// The connections of a loader that loads a part. On one server rows, counts and mark are one transaction. On a cluster a node
/// takes the rows, and the ledger's server has counts and mark: two transactions. That of the rows records the part with them
/// and is committed first. A loader that dies between the commits leaves a part with its rows and without its mark: whoever
/// loads the part again finds it recorded, drops its own rows, which are the same, and commits counts and mark.
/// </summary>
internal sealed class PartSession : IAsyncDisposable
{
    private readonly IDistribution distribution;
    private readonly NodeConnection? node;
    private NpgsqlTransaction? rows;
    private NpgsqlTransaction? mark;

    private PartSession(
        IDistribution distribution,
        NpgsqlDataSource database,
        NpgsqlConnection ledger,
        NodeConnection? node
    )
    {
        (this.distribution, this.node, Ledger) = (distribution, node, ledger);
        (RowsDatabase, Rows) = node is null ? (database, ledger) : (node.Database, node.Connection);
    }

    /// <summary>Takes counts and mark.</summary>
    public NpgsqlConnection Ledger { get; }

    /// <summary>Takes the rows; the same connection on one server.</summary>
    public NpgsqlConnection Rows { get; }

    /// <summary>The server of <see cref="Rows"/>.</summary>
    public NpgsqlDataSource RowsDatabase { get; }

    /// <summary>Whether the server counts rows without reading them; the rows of a cluster are counted once the table is filled.</summary>
    public bool CountsRows => node is null;

    public static async Task<PartSession> OpenAsync(
        NpgsqlDataSource database,
        IDistribution distribution,
        RunId run,
        CancellationToken cancellationToken
    )
    {
        var ledger = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var connected = await distribution.ConnectAsync(run, database, ledger, cancellationToken);
            return new PartSession(distribution, database, ledger, connected);
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <summary>What identifies the session that holds locks on the table while it loads.</summary>
    public async Task<(long Number, DateTime Started)> IdentifyAsync(CancellationToken cancellationToken) =>
        (
            await Rows.ReadRowsAsync(
                distribution.IdentifySession,
                [],
                row => (row.GetInt64(0), row.GetDateTime(1)),
                cancellationToken
            )
        ).Single();

    /// <summary>Begins the transaction of the rows.</summary>
    public async Task BeginRowsAsync(CancellationToken cancellationToken) =>
        rows = await Rows.BeginTransactionAsync(cancellationToken);

    /// <summary>Counts and mark follow, after the rows.</summary>
    /// <param name="limit">How long the ledger's transaction waits at most, as it locks the part.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task BeginMarkAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (node is not null)
        {
            mark = await Ledger.BeginTransactionAsync(cancellationToken);
            await Ledger.ExecuteSqlAsync(
                "select set_config('idle_in_transaction_session_timeout', $1, true)",
                [((long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)],
                cancellationToken
            );
        }
    }

    /// <summary>Commits the rows, unless the part has its rows already; then counts and mark.</summary>
    public async Task CommitAsync(ClaimedPart part, CancellationToken cancellationToken)
    {
        var isFirst = await RecordAsync(part, cancellationToken);
        await (isFirst ? rows!.CommitAsync(cancellationToken) : rows!.RollbackAsync(cancellationToken));

        if (mark is not null)
        {
            await mark.CommitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await Rows.DisposeAsync();
    }

    /// <returns>False if the part has its rows already.</returns>
    private async Task<bool> RecordAsync(ClaimedPart part, CancellationToken cancellationToken) =>
        node is null
        || await Rows.ReadValueAsync<string>(node.RecordPart, [part.Dataset, part.File.Path], cancellationToken)
            is not null;
}
