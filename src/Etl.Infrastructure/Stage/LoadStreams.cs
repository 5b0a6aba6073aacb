using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Shares the cores of the server that the loads of a run leave idle, while each fills its table by one session, among the large
/// files: whoever comes first takes some for further sessions, and gives them back.
/// </summary>
/// <param name="database">Opens the connections.</param>
/// <param name="owner">This process, which must own the run.</param>
/// <param name="idleCores">The number of cores.</param>
/// <param name="largeBytes">Size of a dataset's files from which on further sessions pay for their connections.</param>
internal sealed class LoadStreams(NpgsqlDataSource database, LeaseOwner owner, int idleCores, long largeBytes = 8 << 20)
{
    /// <summary>One reader hardly keeps more than four sessions of the server busy.</summary>
    private const int MostForOneTable = 3;

    /// <summary>A load may need this many connections at a time beside those for its rows.</summary>
    private const int OtherConnections = 4;

    private readonly Lock gate = new();
    private int free = idleCores;

    /// <summary>No cores for a cluster, whose coordinator passes rows on.</summary>
    public static LoadStreams Of(
        PostgresOptions options,
        NpgsqlDataSource database,
        DatasetCatalog datasets,
        LeaseOwner owner
    )
    {
        var loads = datasets.Delivered.Count();
        var connections = new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize;
        var idle = Math.Min(options.CoresOf(database) - loads, connections - (OtherConnections * loads));
        return new LoadStreams(database, owner, options.Distribution == DistributionKind.None ? Math.Max(0, idle) : 0);
    }

    /// <summary>Opens further sessions for a table, which must be the empty one of the run.</summary>
    /// <param name="first">The session that finishes the table, in its transaction.</param>
    /// <param name="run">The run, owned by this process.</param>
    /// <param name="dataset">What the table holds.</param>
    /// <param name="files">The files to load.</param>
    /// <param name="cancellationToken">Also stops the statements of the sessions.</param>
    /// <returns>The sessions; null for small files, or where neither a core nor a connection is left.</returns>
    public async Task<FurtherSessions?> OpenAsync(
        NpgsqlConnection first,
        RunId run,
        Dataset dataset,
        IReadOnlyList<SourceFile> files,
        CancellationToken cancellationToken
    )
    {
        var taken = files.Sum(f => f.Bytes) < largeBytes ? 0 : Take();
        var sessions = new FurtherSessions(() => GiveBack(taken));
        try
        {
            while (sessions.Connections.Count < taken && await TryConnectAsync(cancellationToken) is { } connection)
            {
                await sessions.AddAsync(
                    connection,
                    new CopyStop(database, connection, cancellationToken),
                    cancellationToken
                );
            }

            if (sessions.Connections.Count > 0)
            {
                foreach (var connection in sessions.Connections.Prepend(first))
                {
                    await LockAsync(connection, run, dataset, cancellationToken);
                }

                return sessions;
            }
        }
        catch
        {
            await sessions.DisposeAsync();
            throw;
        }

        await sessions.DisposeAsync();
        return null;
    }

    /// <summary>Where the server has no more connections, the load goes on without.</summary>
    private async Task<NpgsqlConnection?> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>
    /// While the lock is held, nobody who takes the run over can replace the table. A process that was taken over and wakes up
    /// would otherwise add its rows to the table of its successor, which has the same name.
    /// </summary>
    private async Task LockAsync(
        NpgsqlConnection connection,
        RunId run,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        var table = StagingTables.Name(run, dataset);
        await connection.ExecuteSqlAsync($"lock table {table} in row exclusive mode", cancellationToken);
        var isOwn = await connection.ReadValueAsync<bool>(
            $"""
            select exists (select from etl.runs where run_id = $1 and lease_owner = $2)
              and not exists (select from {table})
            """,
            [run.ToString(), owner.Text],
            cancellationToken
        );
        if (!isOwn)
        {
            throw LeasedRuns.Lost(run);
        }
    }

    private int Take()
    {
        lock (gate)
        {
            var taken = Math.Min(free, MostForOneTable);
            free -= taken;
            return taken;
        }
    }

    private void GiveBack(int cores)
    {
        lock (gate)
        {
            free += cores;
        }
    }
}
