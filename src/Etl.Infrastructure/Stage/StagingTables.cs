using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;

namespace Etl.Infrastructure.Stage;

/// <summary>The statements that make, fill and finish a run's own tables, from the datasets' columns.</summary>
internal static class StagingTables
{
    public static string Drop(RunId run) => $"drop schema if exists {Identifier.Quote(run.Schema)} cascade";

    /// <summary>Columns stand so that a row needs no padding between them; a partition may order them as it likes.</summary>
    public static string Create(RunId run, IEnumerable<Dataset> datasets) =>
        string.Join(
            ";\n",
            datasets
                .Select(d => $"create table {Name(run, d)} ({string.Join(", ", Packed(d).Select(Definition))})")
                .Prepend($"create schema {Identifier.Quote(run.Schema)}")
        );

    public static string Name(RunId run, Dataset dataset) => Identifier.Quote(run.Schema, dataset.Name);

    /// <summary>Emptied in the transaction that fills it: a second try finds nothing of the first.</summary>
    public static string Truncate(RunId run, Dataset dataset) => $"truncate {Name(run, dataset)}";

    /// <summary>
    /// The table is the run's own and empty, so its rows may be written frozen: nothing has to touch them again.
    /// </summary>
    public static string Copy(RunId run, Dataset dataset) =>
        $"copy {Name(run, dataset)} ({Columns(dataset)}) " + "from stdin with (format binary, freeze)";

    /// <summary>Copies the rows of a published run.</summary>
    public static string TakeOver(RunId run, RunId baseRun, Dataset dataset) =>
        $"insert into {Name(run, dataset)} ({Columns(dataset)}) select {Columns(dataset)} from {Name(baseRun, dataset)}";

    /// <summary>
    /// The rows that the server itself counted as it put them into the table, and out of it, within this transaction, which truncated it
    /// before; where the server counts nothing, they are counted one by one.
    /// </summary>
    public static string Count(RunId run, Dataset dataset) =>
        $"""
            select case when current_setting('track_counts')::boolean
              then pg_stat_get_xact_tuples_inserted('{Name(run, dataset)}'::regclass)
                - pg_stat_get_xact_tuples_deleted('{Name(run, dataset)}'::regclass)
              else (select count(*) from {Name(run, dataset)}) end
            """;

    /// <summary>The rows of a table and the sums of some columns. Compiling to machine code costs more than it saves.</summary>
    public static string Sum(RunId run, Dataset dataset, IEnumerable<Column> columns)
    {
        var sums = columns.Select(c => $", coalesce(sum({Identifier.Quote(c.Name)}), 0)::numeric");
        return $"set local jit = off; select count(*){string.Concat(sums)} from {Name(run, dataset)}";
    }

    /// <summary>
    /// Once the table is filled. A constant default costs no rewrite and no byte a row. Statistics of ids and days from a
    /// small sample are all that the transform's plans need; as they are not of every column, the server's own housekeeping
    /// still gathers the full ones for readers.
    /// </summary>
    public static string Finish(RunId run, Dataset dataset)
    {
        var columns = dataset.Columns.Where(c => c.Kind is FieldKind.Id or FieldKind.Date);
        return $"""
            alter table {Name(run, dataset)}
              add column run_id text not null default '{run}',
              add constraint {Constraint(dataset)} check (run_id = '{run}') not valid;
            set local default_statistics_target = 10;
            analyze {Name(run, dataset)} ({string.Join(", ", columns.Select(c => Identifier.Quote(c.Name)))})
            """;
    }

    /// <summary>The proven constraint is what lets the table be attached without a scan under lock.</summary>
    public static string Prove(RunId run, Dataset dataset) =>
        $"alter table {Name(run, dataset)} validate constraint {Constraint(dataset)}";

    private static string Constraint(Dataset dataset) => Identifier.Quote($"{dataset.Name}_run_id");

    private static string Columns(Dataset dataset) =>
        string.Join(", ", dataset.Columns.Select(c => Identifier.Quote(c.Name)));

    private static string Definition(Column column) =>
        $"{Identifier.Quote(column.Name)} {TypeOf(column.Kind)}{(column.Nullable ? "" : " not null")}";

    /// <summary>The widest first, and what has no fixed width last.</summary>
    private static IEnumerable<Column> Packed(Dataset dataset) =>
        dataset.Columns.OrderBy(c =>
            c.Kind switch
            {
                FieldKind.Id => 0,
                FieldKind.Date or FieldKind.Quantity => 1,
                FieldKind.Stars => 2,
                _ => 3,
            }
        );

    private static string TypeOf(FieldKind kind) =>
        kind switch
        {
            FieldKind.Id => "bigint",
            FieldKind.Date => "date",
            FieldKind.Money => "numeric(14, 2)",
            FieldKind.Quantity => "integer",
            FieldKind.Stars => "smallint",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
