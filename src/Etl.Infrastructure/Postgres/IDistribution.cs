using Etl.Application.Errors;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>All that differs between one server and the nodes of a cluster.</summary>
internal interface IDistribution
{
    /// <summary>Statements that set a parameter for the rest of a transaction, on every node.</summary>
    /// <param name="assignment">As in <c>lock_timeout = '5s'</c>.</param>
    IReadOnlyList<string> SetLocal(string assignment);

    /// <summary>How long the following statements of a transaction wait for a lock.</summary>
    IReadOnlyList<string> LockTimeout => SetLocal("lock_timeout = '5s'");

    /// <summary>Statements that begin a transaction which creates and alters tables with views.</summary>
    IReadOnlyList<string> BeginMigration { get; }

    /// <summary>Checks that the database and its nodes are what the setting says.</summary>
    /// <returns>The nodes, as the end of a line about the server; empty for one server.</returns>
    /// <exception cref="EtlException">They are not.</exception>
    Task<string> RequireAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>What a migration has to do once the tables exist, in this order.</summary>
    Task<IReadOnlyList<(string Name, string Sql)>> MissingAsync(
        NpgsqlConnection connection,
        IReadOnlyList<DescribedTable> tables,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Statements that precede a change of the types of columns of a table without rows. What they undo is missing afterward.
    /// </summary>
    IEnumerable<string> ReleaseColumns(DescribedTable table, IEnumerable<string> columns);

    /// <summary>Statements that follow the creation of a run's empty tables.</summary>
    IEnumerable<string> Place(RunId run, IEnumerable<Dataset> datasets);

    /// <summary>A copy of the keys of a run's table in which equal ones are on the same node.</summary>
    /// <returns>Null where those of the table itself are, so that nothing has to be copied.</returns>
    KeyCopy? CopyKeys(RunId run, Dataset dataset);

    /// <summary>A query for the number of rows that this transaction has added to a table.</summary>
    /// <param name="table">The quoted name.</param>
    string CountAdded(string table);

    /// <summary>Connects a loader of shared parts to the node that takes the rows of its next part.</summary>
    /// <param name="run">The run.</param>
    /// <param name="database">The server that has the ledger.</param>
    /// <param name="ledger">A connection to it.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>Null where the server that has the ledger takes the rows, too, in one transaction with it.</returns>
    Task<NodeConnection?> ConnectAsync(
        RunId run,
        NpgsqlDataSource database,
        NpgsqlConnection ledger,
        CancellationToken cancellationToken
    );

    /// <summary>Why loaders of this process do not reach a node, for each that they do not reach.</summary>
    Task<IReadOnlyList<EtlError>> UnreachedAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>A query of a session for the number by which <see cref="EndSession"/> finds it, and for its start.</summary>
    string IdentifySession { get; }

    /// <summary>An expression that ends a session of this user, on whichever node it is; null where it has ended.</summary>
    /// <param name="session">The expression of its number; may be null.</param>
    /// <param name="started">The expression of its start.</param>
    string EndSession(string session, string started);

    /// <summary>Closes idle connections to nodes.</summary>
    void CloseIdleConnections();
}

/// <summary>A table of keys, which whoever has created it drops.</summary>
/// <param name="Table">The quoted name.</param>
/// <param name="Create">Statements that create and fill it.</param>
internal sealed record KeyCopy(string Table, IReadOnlyList<string> Create);

/// <summary>
/// A connection to a node that takes rows of a part. The commit of its transaction is not that of the ledger's, so that the
/// transaction records the part with its rows.
/// </summary>
/// <param name="Database">The node.</param>
/// <param name="Connection">An open connection to it.</param>
/// <param name="RecordPart">
/// A statement for the name of a dataset and of a part. It returns one row; none if a committed transaction has recorded the part,
/// whose rows are in the table then. It waits for a transaction in progress that has.
/// </param>
internal sealed record NodeConnection(NpgsqlDataSource Database, NpgsqlConnection Connection, string RecordPart);
