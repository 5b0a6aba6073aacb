using Etl.Application.Errors;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>One server has all rows.</summary>
internal sealed class NoDistribution(SchemaOptions schemas) : IDistribution
{
    private const string Distributed = """
        select p.logicalrelid::regclass::text from pg_catalog.pg_dist_partition as p
        join pg_class as c on c.oid = p.logicalrelid
        where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind = 'p' order by 1 limit 1
        """;

    public IReadOnlyList<string> SetLocal(string assignment) => [$"set local {assignment}"];

    public IReadOnlyList<string> BeginMigration => [];

    public async Task<string> RequireAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (
            await CitusDistribution.IsInstalledAsync(connection, cancellationToken)
            && await connection.ReadValueAsync<string>(Distributed, [schemas.Store], cancellationToken) is { } table
        )
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"Table {table} is distributed over the nodes of a Citus cluster, and Etl:Postgres:Distribution is None.",
                "Set Etl:Postgres:Distribution to Citus; or bring the rows back to one server as the guide "
                    + "\"Scale beyond one machine\" says."
            );
        }

        return "";
    }

    public Task<IReadOnlyList<(string Name, string Sql)>> MissingAsync(
        NpgsqlConnection connection,
        IReadOnlyList<DescribedTable> tables,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<(string Name, string Sql)>>([]);

    public IEnumerable<string> ReleaseColumns(DescribedTable table, IEnumerable<string> columns) => [];

    public IEnumerable<string> Place(RunId run, IEnumerable<Dataset> datasets) => [];

    public KeyCopy? CopyKeys(RunId run, Dataset dataset) => null;

    /// <summary>
    /// The server itself counted them, and those that the transaction deleted; a count of the rows where it does not track them.
    /// </summary>
    public string CountAdded(string table) =>
        $"""
            select case when current_setting('track_counts')::boolean
              then pg_stat_get_xact_tuples_inserted('{table}'::regclass) - pg_stat_get_xact_tuples_deleted('{table}'::regclass)
              else (select count(*) from {table} where xmin = pg_current_xact_id()::xid) end
            """;

    public Task<NodeConnection?> ConnectAsync(
        RunId run,
        NpgsqlDataSource database,
        NpgsqlConnection ledger,
        CancellationToken cancellationToken
    ) => Task.FromResult<NodeConnection?>(null);

    public Task<IReadOnlyList<EtlError>> UnreachedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<EtlError>>([]);

    public string IdentifySession =>
        "select pg_backend_pid()::bigint, backend_start from pg_stat_activity where pid = pg_backend_pid()";

    public string EndSession(string session, string started) =>
        $"""
            (select pg_terminate_backend(a.pid) from pg_stat_activity as a
              where a.pid = {session} and a.backend_start = {started}
                and a.usename = current_user and a.pid <> pg_backend_pid())
            """;

    public void CloseIdleConnections() { }
}
