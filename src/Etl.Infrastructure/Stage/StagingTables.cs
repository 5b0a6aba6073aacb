using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Rollups;

namespace Etl.Infrastructure.Stage;

/// <summary>The statements that create, fill and finish a run's own tables, from the descriptions of the datasets.</summary>
internal static class StagingTables
{
    /// <summary>
    /// Never drops a table that readers lock. The schema of a run that was stopped between its attach and its publish is left
    /// to the clean-up, which detaches its tables first.
    /// </summary>
    private static string Drop(RunId run) =>
        $"""
            do $$ begin
              if not {IsAttached(run)} then drop schema if exists {Identifier.Quote(run.Schema)} cascade; end if;
            end $$
            """;

    /// <summary>As <see cref="Drop"/>; a schema that stays gives its name to the next attempt.</summary>
    public static string DropOrRename(RunId run) =>
        $"""
            {Drop(run)};
            do $$ begin
              if {IsAttached(run)} then
                execute format('alter schema %I rename to %I', '{run.Schema}', '{run.Schema}_load_' || (
                  select min((regexp_match(pg_get_expr(c.relpartbound, c.oid), '[0-9]+'))[1])
                  from pg_class as c where c.relnamespace = to_regnamespace('{run.Schema}')));
              end if;
            end $$
            """;

    private static string IsAttached(RunId run) =>
        "exists (select from pg_inherits as i join pg_class as c on c.oid = i.inhrelid "
        + $"where c.relnamespace = to_regnamespace('{run.Schema}'))";

    /// <summary>
    /// Columns stand so that a row needs no padding between them: the widest first, those without a fixed width last. A
    /// partition may order its columns as it likes. Autovacuum leaves the tables alone until they are attached, which needs
    /// them for a moment alone. Rows of repeated keys are deleted, which a publication of all tables refuses for a table without
    /// a key unless whole rows identify each other.
    /// </summary>
    public static string Create(RunId run, IEnumerable<Dataset> datasets) =>
        string.Join(
            ";\n",
            datasets
                .Select(d =>
                    $"create table {Name(run, d)} ("
                    + $"{string.Join(", ", d.Columns.OrderByDescending(c => c.Type.Width).Select(WarehouseTables.Definition))})"
                    + $" with (autovacuum_enabled = false);\nalter table {Name(run, d)} replica identity full"
                )
                .Prepend($"create schema {Identifier.Quote(run.Schema)}")
        );

    public static string Name(RunId run, Dataset dataset) => Identifier.Quote(run.Schema, dataset.Name);

    /// <summary>Emptied in the transaction that fills it: a second attempt finds nothing of the first.</summary>
    public static string Truncate(RunId run, Dataset dataset) => $"truncate {Name(run, dataset)}";

    /// <summary>
    /// For the transaction that emptied the table, so its rows may be written frozen: nothing has to touch them again.
    /// </summary>
    public static string Copy(RunId run, Dataset dataset) =>
        $"copy {Name(run, dataset)} ({Names(dataset.Columns)}) from stdin with (format binary, freeze)";

    /// <summary>Into a table that other transactions may be filling, too. The first scan marks its rows as committed.</summary>
    public static string Append(RunId run, Dataset dataset) =>
        $"copy {Name(run, dataset)} ({Names(dataset.Columns)}) from stdin with (format binary)";

    /// <summary>The empty table of a rollup: its columns have the types of the statement that defines it.</summary>
    public static string CreateRollup(RunId run, Rollup rollup) =>
        $"create table {RollupName(run, rollup)} as select {rollup.Select} "
        + $"from {Identifier.Quote(run.Schema, rollup.Dataset)} group by {rollup.Key} with no data";

    public static string DropRollup(RunId run, Rollup rollup) => $"drop table if exists {RollupName(run, rollup)}";

    public static string CopyRollup(RunId run, Rollup rollup) =>
        $"copy {RollupName(run, rollup)} from stdin with (format binary)";

    /// <summary>Copies the rows of a published run.</summary>
    public static string TakeOver(RunId run, RunId baseRun, Dataset dataset) =>
        $"insert into {Name(run, dataset)} ({Names(dataset.Columns)}) "
        + $"select {Names(dataset.Columns)} from {Name(baseRun, dataset)}";

    /// <summary>The number of rows of a table.</summary>
    public static string Rows(RunId run, Dataset dataset) => $"select count(*) from {Name(run, dataset)}";

    /// <summary>The number of rows of a table, and its sums.</summary>
    public static string Total(RunId run, Dataset dataset) =>
        dataset.SummedColumns.Any()
            ? $"select count(*), {ColumnSums.Select(dataset)} from {Name(run, dataset)}"
            : Rows(run, dataset);

    /// <summary>A load for an attempt of a run: an earlier attempt may have attached its own already.</summary>
    public static string BeginLoad(RunId run, string loads) =>
        $"insert into {loads} ({StoreTables.LoadId}, run_id) "
        + $"select coalesce(max({StoreTables.LoadId}), 0) + 1, '{run}' from {loads}";

    /// <summary>
    /// Once the table is filled. A constant default costs no rewrite and no byte per row.
    /// </summary>
    public static string Finish(RunId run, Dataset dataset, string loads, IDistribution distribution) =>
        $"""
            do $$
            declare load constant integer := (select max({StoreTables.LoadId}) from {loads} where run_id = '{run}');
            begin
              execute format(
                'alter table {Name(run, dataset)} add column {StoreTables.LoadId} integer not null default %s', load);
              execute format(
                'alter table {Name(run, dataset)} add constraint {Constraint(
                dataset
            )} check ({StoreTables.LoadId} = %s) not valid',
                load);
            end $$;
            {string.Join(";\n", distribution.SetLocal(Statistics.SmallSample))};
            {Statistics.Collect(dataset, Name(run, dataset))}
            """;

    /// <summary>The validated constraint lets the table be attached without a scan under lock.</summary>
    public static string Validate(RunId run, Dataset dataset) =>
        $"alter table {Name(run, dataset)} validate constraint {Constraint(dataset)}";

    private static string RollupName(RunId run, Rollup rollup) => Identifier.Quote(run.Schema, rollup.Loaded);

    private static string Constraint(Dataset dataset) => Identifier.Quote($"{dataset.Name}_load_id");

    private static string Names(IEnumerable<Column> columns) =>
        string.Join(", ", columns.Select(c => Identifier.Quote(c.Name)));
}
