using Etl.Application.Errors;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>All that differs between one server and the nodes of a cluster.</summary>
internal interface IDistribution
{
    /// <summary>Statements that begin a transaction of others that wait for locks: how long they wait, on every node.</summary>
    IReadOnlyList<string> LockTimeout { get; }

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

    /// <summary>Statements that follow the creation of a run's empty tables.</summary>
    IEnumerable<string> Place(RunId run, IEnumerable<Dataset> datasets);

    /// <summary>A query for the number of rows that this transaction has added to a table.</summary>
    /// <param name="table">The quoted name.</param>
    string CountAdded(string table);
}
