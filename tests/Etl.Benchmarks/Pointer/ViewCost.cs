using System.Globalization;
using System.Text.Json;
using Etl.TestKit;
using Npgsql;

namespace Etl.Benchmarks.Pointer;

/// <summary>
/// Compares reads of a load's own table with reads through the view that follows the pointer row, with 1, 3 and 6 loads
/// attached: the fastest of several rounds of EXPLAIN ANALYZE, milliseconds of execution and of planning. Also compares two
/// ways to give a load the constraint that spares the attach a scan.
/// </summary>
internal static class ViewCost
{
    private static readonly (string Name, string Sql)[] Queries =
    [
        ("scan", "select sum(amount) from {0}orders{1}"),
        ("join", "select sum(o.amount + s.amount) from {0}orders{1} as o join {0}shipments{1} as s using (order_id)"),
    ];

    public static async Task<int> RunAsync(int rows, int rounds)
    {
        await using var server = new PostgresServer();
        await using var database = await server.CreateDatabaseAsync(migrated: false);
        var tables = new PointerTables(database.DataSource, rows);
        await tables.ExecuteAsync(PointerTables.Create);
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await ExecuteAsync(connection, "set jit = off");
        for (var load = 1; load <= 6; load++)
        {
            await tables.PublishAsync(load);
            if (load is not (1 or 3 or 6))
            {
                continue;
            }

            await tables.ExecuteAsync("vacuum analyze store.orders");
            await tables.ExecuteAsync("vacuum analyze store.shipments");
            foreach (var workers in new[] { 0, 2 })
            {
                await ExecuteAsync(connection, $"set max_parallel_workers_per_gather = {workers}");
                foreach (var (name, sql) in Queries)
                {
                    var table = await FastestAsync(connection, Format(sql, "store.", $"_{load}"), rounds);
                    var view = await FastestAsync(connection, Format(sql, "staging.", ""), rounds);
                    Console.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{load} attached, {workers} workers, {name}: table {table.Execution:0} ms, view {view.Execution:0} ms "
                                + $"({view.Execution / table.Execution:0.00} times); planning {table.Planning:0.00} and {view.Planning:0.00} ms; "
                                + $"estimated rows {table.Rows:0} and {view.Rows:0}"
                        )
                    );
                }
            }
        }

        await CompareChecksAsync(connection, rows, rounds);
        return 0;
    }

    /// <summary>A stored column with a check at CREATE, against a column that is added after the load and validated.</summary>
    private static async Task CompareChecksAsync(NpgsqlConnection connection, int rows, int rounds)
    {
        const string Columns =
            "order_id bigint not null, customer_id bigint not null, product_id bigint not null, "
            + "total numeric(14,2) not null, price numeric(14,2) not null, day date not null, quantity int not null";
        var file = Path.Combine(
            Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"etl-{Environment.ProcessId}.bin")
        );
        await ExecuteAsync(
            connection,
            $"create table source ({Columns}); insert into source select i, i, i % 100, 10, 10, '2025-01-01', 1 "
                + $"from generate_series(1, {rows}) as i; copy source to '{file}' (format binary)"
        );
        var copy =
            "copy t (order_id, customer_id, product_id, total, price, day, quantity) "
            + $"from '{file}' (format binary, freeze)";
        (string Name, string Create, string After)[] ways =
        [
            ("without a load", $"create table t ({Columns})", "select"),
            (
                "stored, checked from CREATE",
                $"create table t ({Columns}, load_id int not null default 7, check (load_id = 7))",
                "select"
            ),
            (
                "added after the load, validated",
                $"create table t ({Columns})",
                "alter table t add column load_id int not null default 7, add constraint c check (load_id = 7) not valid; "
                    + "alter table t validate constraint c"
            ),
        ];
        foreach (var (name, create, after) in ways)
        {
            var (load, finish, bytes) = (double.MaxValue, double.MaxValue, 0L);
            for (var round = 0; round < rounds; round++)
            {
                await ExecuteAsync(connection, $"begin; {create}");
                load = Math.Min(load, await TimeAsync(connection, copy));
                finish = Math.Min(finish, await TimeAsync(connection, after));
                await using var size = new NpgsqlCommand("select pg_relation_size('t')", connection);
                bytes = (long)(await size.ExecuteScalarAsync())!;
                await ExecuteAsync(connection, "rollback");
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: COPY {load:0} ms, then {finish:0} ms, {bytes / 1048576} MB"
                )
            );
        }

        File.Delete(file);
    }

    private static async Task<double> TimeAsync(NpgsqlConnection connection, string sql)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await ExecuteAsync(connection, sql);
        return TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static string Format(string sql, string schema, string suffix) =>
        string.Format(CultureInfo.InvariantCulture, sql, schema, suffix);

    private static async Task<(double Execution, double Planning, double Rows)> FastestAsync(
        NpgsqlConnection connection,
        string sql,
        int rounds
    )
    {
        var (execution, planning, rows) = (double.MaxValue, double.MaxValue, 0.0);
        for (var round = 0; round < rounds; round++)
        {
            await using var command = new NpgsqlCommand(
                $"explain (analyze, timing off, format json) {sql}",
                connection
            );
            using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
            var root = plan.RootElement[0];
            execution = Math.Min(execution, root.GetProperty("Execution Time").GetDouble());
            planning = Math.Min(planning, root.GetProperty("Planning Time").GetDouble());
            rows = Deepest(root.GetProperty("Plan"));
        }

        return (execution, planning, rows);
    }

    /// <summary>The rows that the plan's first node with more than one row expects.</summary>
    private static double Deepest(JsonElement node)
    {
        while (node.GetProperty("Plan Rows").GetDouble() < 10 && node.TryGetProperty("Plans", out var plans))
        {
            node = plans.EnumerateArray().Last();
        }

        return node.GetProperty("Plan Rows").GetDouble();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
