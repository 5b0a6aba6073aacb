using System.Collections.Concurrent;
using Etl.Application.Errors;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The nodes of a Citus cluster that store rows, and a pool of connections to each that is used. A node that this process cannot
/// reach at first is left out from then on; the others, or the coordinator, pass its rows on.
/// </summary>
internal sealed partial class CitusNodes(PostgresOptions options, IamTokenProvider iamToken, ILogger<CitusNodes> logger)
    : IDisposable
{
    /// <summary>A node that does not know the tables, because its metadata is not synchronized, does not take rows.</summary>
    private const string Storing = """
        select nodename, nodeport from pg_catalog.pg_dist_node
        where groupid <> 0 and isactive and noderole = 'primary' and shouldhaveshards and hasmetadata and metadatasynced
        order by nodename, nodeport
        """;

    private readonly ConcurrentDictionary<(string Host, int Port), Node> nodes = new();

    /// <summary>Processes of one loader each begin with different nodes.</summary>
    private int turn = Random.Shared.Next(ushort.MaxValue);

    /// <summary>The next node that this process reaches; null if there is none.</summary>
    public async Task<NpgsqlDataSource?> NextAsync(NpgsqlConnection coordinator, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(coordinator, cancellationToken);
        var start = Interlocked.Increment(ref turn);
        for (var i = 0; i < all.Count; i++)
        {
            var node = all[(int)((uint)(start + i) % all.Count)];
            if (await node.Error.WaitAsync(cancellationToken) is null)
            {
                return node.Pool;
            }
        }

        return null;
    }

    /// <summary>The errors of the nodes that this process does not reach.</summary>
    public async Task<IReadOnlyList<EtlError>> UnreachedAsync(
        NpgsqlConnection coordinator,
        CancellationToken cancellationToken
    )
    {
        var all = await ReadAsync(coordinator, cancellationToken);
        var errors = await Task.WhenAll(all.Select(n => n.Error)).WaitAsync(cancellationToken);
        return [.. errors.OfType<EtlError>()];
    }

    public void CloseIdleConnections()
    {
        foreach (var node in nodes.Values)
        {
            node.Pool.Clear();
        }
    }

    public void Dispose()
    {
        foreach (var node in nodes.Values)
        {
            node.Pool.Dispose();
        }
    }

    private async Task<List<Node>> ReadAsync(NpgsqlConnection coordinator, CancellationToken cancellationToken)
    {
        var addresses = await coordinator.ReadRowsAsync(
            Storing,
            [],
            row => (row.GetString(0), row.GetInt32(1)),
            cancellationToken
        );
        return [.. addresses.Select(address => nodes.GetOrAdd(address, NewNode))];
    }

    private Node NewNode((string Host, int Port) address)
    {
        var pool = PostgresDataSource.OpenNode(options, iamToken, address.Host, address.Port);
        return new Node(pool, new Lazy<Task<EtlError?>>(() => TryAsync(pool)));
    }

    /// <summary>Several loaders wait for the same attempt, so that it is not one of them that cancels it.</summary>
    private async Task<EtlError?> TryAsync(NpgsqlDataSource pool)
    {
        EtlError? error = null;
        try
        {
            await using var connection = await pool.OpenConnectionAsync();
        }
        catch (Exception exception) when (pool.Explains(exception, "connect a loader to a node", out error))
        {
            LogUnreached(error.Message);
        }

        return error;
    }

    [LoggerMessage(55, LogLevel.Warning, "Rows are loaded by way of other nodes: {Reason}")]
    private partial void LogUnreached(string reason);

    private sealed class Node(NpgsqlDataSource pool, Lazy<Task<EtlError?>> error)
    {
        public NpgsqlDataSource Pool { get; } = pool;

        /// <summary>Why it cannot be reached; null if it can.</summary>
        public Task<EtlError?> Error => error.Value;
    }
}
