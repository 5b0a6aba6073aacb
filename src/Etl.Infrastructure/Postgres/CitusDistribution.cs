using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The nodes of a Citus cluster have the rows of the datasets, each node a part. Datasets that are distributed by columns of one
/// type are stored alike, so that a node joins its own rows. The coordinator has everything else; the other nodes know the tables
/// that readers read, so that the views can be read from each of them.
/// </summary>
internal sealed class CitusDistribution(DatasetCatalog datasets, SchemaOptions schemas, CitusNodes nodes)
    : IDistribution,
        IDisposable
{
    private const string Installed = "select to_regclass('pg_catalog.pg_dist_partition') is not null";

    private const string Coordinator = "select exists (select from pg_catalog.pg_dist_node where groupid = 0)";

    private const string Workers =
        "select count(*) from pg_catalog.pg_dist_node where groupid <> 0 and isactive and shouldhaveshards";

    /// <summary>Each node connects to each, as this user; a worker, which lacks the ledger, is not the place to run.</summary>
    private const string Silent = """
        select format('%s:%s does not reach %s:%s', from_nodename, from_nodeport, to_nodename, to_nodeport)
        from pg_catalog.citus_check_cluster_node_health() where result is not true limit 1
        """;

    private const string Forbidden = """
        select p.oid::regprocedure::text from pg_proc as p
        where p.pronamespace = 'pg_catalog'::regnamespace
          and p.proname in ('create_distributed_table', 'citus_add_local_table_to_metadata')
          and not has_function_privilege(p.oid, 'execute')
        order by 1 limit 1
        """;

    private const string Known = """
        select n.nspname::text, c.relname::text from pg_catalog.pg_dist_partition as p
        join pg_class as c on c.oid = p.logicalrelid join pg_namespace as n on n.oid = c.relnamespace
        """;

    /// <summary>Other nodes get the settings of a transaction only where this one asks for it.</summary>
    public IReadOnlyList<string> SetLocal(string assignment) =>
        ["set local citus.propagate_set_commands = 'local'", $"set local {assignment}"];

    /// <summary>A view is created by one connection to each node, so that those of its tables must use it, too.</summary>
    public IReadOnlyList<string> BeginMigration { get; } = ["set local citus.multi_shard_modify_mode = 'sequential'"];

    public static Task<bool> IsInstalledAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ReadValueAsync<bool>(Installed, [], cancellationToken);

    public async Task<string> RequireAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await IsInstalledAsync(connection, cancellationToken))
        {
            throw Wrong(
                "Etl:Postgres:Distribution is Citus, and the database does not have the extension citus.",
                "Create it on each node (create extension citus), or set Etl:Postgres:Distribution to None."
            );
        }

        if (await connection.ReadValueAsync<string>(Forbidden, [], cancellationToken) is { } function)
        {
            throw Wrong(
                $"The user may not execute {function}, which distributes tables.",
                $"Grant it: grant execute on function {function} to the user; on each node."
            );
        }

        if (!await connection.ReadValueAsync<bool>(Coordinator, [], cancellationToken))
        {
            throw Wrong(
                "The Citus cluster does not know its coordinator.",
                "Connect to the coordinator and name its address: select citus_set_coordinator_host('HOST', 5432)."
            );
        }

        var workers = await connection.ReadValueAsync<long>(Workers, [], cancellationToken);
        if (workers == 0)
        {
            throw Wrong(
                "The Citus cluster has no node that stores rows.",
                "Add one (select citus_add_node('HOST', 5432)), or set Etl:Postgres:Distribution to None."
            );
        }

        return await connection.ReadValueAsync<string>(Silent, [], cancellationToken) is { } silent
            ? throw new EtlException(
                ErrorCode.DatabaseUnreachable,
                $"A node of the Citus cluster does not answer: {silent}.",
                "Start it, or see that the user may log in there from the other nodes (pg_hba.conf, pg_dist_authinfo).",
                retryable: true
            )
            : $", Citus with {workers} {(workers == 1 ? "node" : "nodes")} for rows";
    }

    public async Task<IReadOnlyList<(string Name, string Sql)>> MissingAsync(
        NpgsqlConnection connection,
        IReadOnlyList<DescribedTable> tables,
        CancellationToken cancellationToken
    )
    {
        if (!await IsInstalledAsync(connection, cancellationToken))
        {
            await RequireAsync(connection, cancellationToken);
        }

        var known = await connection.ReadRowsAsync(
            Known,
            [],
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken
        );
        return
        [
            .. tables
                .Where(t => t.IsRead && !known.Contains((t.Schema, t.Name)))
                .Select(t => ($"distribution of {t.FullName}", SqlOf(t))),
        ];
    }

    /// <summary>The type of the column that decides where a row is stored cannot be changed.</summary>
    public IEnumerable<string> ReleaseColumns(DescribedTable table, IEnumerable<string> columns) =>
        DistributionColumnOf(table) is { } column && columns.Contains(column.Name)
            ?
            [
                "select pg_catalog.undistribute_table(logicalrelid) from pg_catalog.pg_dist_partition "
                    + $"where logicalrelid = {Literal(Identifier.Quote(table.Schema, table.Name))}::regclass",
            ]
            : [];

    public IEnumerable<string> Place(RunId run, IEnumerable<Dataset> datasets) =>
        datasets
            .Where(d => d.DistributionColumn is not null)
            .Select(d =>
                Distribute(
                    Identifier.Quote(run.Schema, d.Name),
                    d.DistributionColumn!,
                    Identifier.Quote(schemas.Store, d.Name)
                )
            )
            .Append($"create table {RecordedParts(run)} (dataset text, part text, primary key (dataset, part))")
            .Append(
                $"select pg_catalog.create_distributed_table({Literal(RecordedParts(run))}, 'part', "
                    + "colocate_with => 'none', shard_count => 1)"
            );

    /// <summary>
    /// Citus compares keys on the coordinator if the column that distributes the rows is not among theirs, which costs it more
    /// than to pass the rows on. The nodes exchange them by a column of the key instead.
    /// </summary>
    public KeyCopy? CopyKeys(RunId run, Dataset dataset)
    {
        if (
            dataset.DistributionColumn is not { } distributed
            || dataset.Key.Contains(distributed.Name)
            || dataset.KeyColumns.FirstOrDefault(c => c is { Nullable: false, IsOptional: false }) is not { } by
        )
        {
            return null;
        }

        var (name, rows) = (
            Identifier.Quote(run.Schema, $"{dataset.Name} keys"),
            Identifier.Quote(run.Schema, dataset.Name)
        );
        var columns = string.Join(", ", dataset.Key.Select(Identifier.Quote));
        return new KeyCopy(
            name,
            [
                $"create table {name} as select {columns} from {rows} with no data",
                Distribute(name, by, like: "none"),
                $"insert into {name} select {columns} from {rows}",
            ]
        );
    }

    /// <summary>The server does not count rows that it passes on. Each node counts those of its part of the transaction.</summary>
    public string CountAdded(string table) => $"select count(*) from {table} where xmin = pg_current_xact_id()::xid";

    public async Task<NodeConnection?> ConnectAsync(
        RunId run,
        NpgsqlDataSource database,
        NpgsqlConnection ledger,
        CancellationToken cancellationToken
    )
    {
        var node = await nodes.NextAsync(ledger, cancellationToken) ?? database;
        var connection = await node.OpenConnectionAsync(cancellationToken);
        return new NodeConnection(
            node,
            connection,
            $"insert into {RecordedParts(run)} (dataset, part) values ($1, $2) on conflict do nothing returning part"
        );
    }

    public Task<IReadOnlyList<EtlError>> UnreachedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => nodes.UnreachedAsync(connection, cancellationToken);

    public string IdentifySession =>
        "select pg_catalog.citus_backend_gpid(), backend_start from pg_stat_activity where pid = pg_backend_pid()";

    /// <summary>The sessions of all nodes are read only if there is one to end.</summary>
    public string EndSession(string session, string started) =>
        $"""
            case when {session} is not null then (
              select pg_terminate_backend(a.global_pid) from pg_catalog.citus_stat_activity as a
              where a.global_pid = {session} and a.backend_start = {started} and a.usename = current_user) end
            """;

    public void CloseIdleConnections() => nodes.CloseIdleConnections();

    public void Dispose() => nodes.Dispose();

    /// <summary>The parts whose rows are committed. No dataset or mart has a name with a space.</summary>
    private static string RecordedParts(RunId run) => Identifier.Quote(run.Schema, "recorded parts");

    private string SqlOf(DescribedTable table)
    {
        var name = Identifier.Quote(table.Schema, table.Name);
        return DistributionColumnOf(table) is { } column
            ? Distribute(name, column)
            : $"select pg_catalog.citus_add_local_table_to_metadata({Literal(name)})";
    }

    private Column? DistributionColumnOf(DescribedTable table) =>
        table.IsPartitioned ? datasets.Named(table.Name).DistributionColumn : null;

    /// <summary>Without another table, rows are stored like those of all tables whose column has the same type.</summary>
    private static string Distribute(string table, Column by, string like = "default") =>
        $"select pg_catalog.create_distributed_table({Literal(table)}, {Literal(by.Name)}, colocate_with => {Literal(like)})";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static EtlException Wrong(string message, string nextStep) =>
        new(ErrorCode.Configuration, message, nextStep);
}
