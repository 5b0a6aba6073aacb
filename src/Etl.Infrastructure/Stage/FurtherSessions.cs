using Etl.Infrastructure.Stage.Copy;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Sessions that fill a table beside the one that finishes it, each in a transaction of its own. They commit before the table is
/// finished: if that fails, so does the attempt, and the next one has new tables.
/// </summary>
/// <param name="closed">Called when the sessions are closed.</param>
internal sealed class FurtherSessions(Action closed) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> open = [];
    private readonly List<NpgsqlConnection> connections = [];
    private readonly List<NpgsqlTransaction> transactions = [];

    public IReadOnlyList<NpgsqlConnection> Connections => connections;

    public async Task AddAsync(NpgsqlConnection connection, CopyStop stop, CancellationToken cancellationToken)
    {
        open.Push(connection);
        open.Push(stop);
        transactions.Add(await connection.BeginTransactionAsync(cancellationToken));
        open.Push(transactions[^1]);
        connections.Add(connection);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        foreach (var transaction in transactions)
        {
            await transaction.CommitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (open.TryPop(out var last))
        {
            await last.DisposeAsync();
        }

        closed();
    }
}
