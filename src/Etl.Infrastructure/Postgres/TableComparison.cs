using Etl.Application.Errors;

namespace Etl.Infrastructure.Postgres;

/// <summary>Compares a table of the database with its description; the error names what differs.</summary>
internal static class TableComparison
{
    private const string Setting = "or set Etl:Postgres:Schemas:Staging, Store and Analytics to other schemas";
    private const string Before = "_before";

    /// <summary>The error of each difference that a run cannot work with; a missing primary key is none.</summary>
    /// <param name="described">The description.</param>
    /// <param name="found">The table.</param>
    /// <param name="settled">Columns whose types were compared already.</param>
    /// <param name="view">The view of the table's rows that exists; null if there is none.</param>
    public static IEnumerable<EtlError> Differences(
        DescribedTable described,
        FoundTable found,
        IReadOnlyList<string> settled,
        StagingView? view = null
    )
    {
        var name = described.FullName;
        if (!found.IsTable || found.PartitionKey is null == described.IsPartitioned)
        {
            var kind = found.IsTable ? $"A {found.Kind}" : $"{Article(found.Kind)} {found.Kind}";
            var needed = described.IsPartitioned ? $"a table partitioned by {described.PartitionColumn}" : "a table";
            yield return Error(
                $"{kind} named {name} is in the way: etl needs {needed} of this name.",
                $"Rename it and run `etl migrate`, {Setting}."
            );
            yield break;
        }

        if (described.IsPartitioned && found.PartitionKey != $"LIST ({described.PartitionColumn})")
        {
            yield return Error(
                $"Table {name} is partitioned by {found.PartitionKey} instead of LIST ({described.PartitionColumn}).",
                $"Rename it and run `etl migrate`, {Setting}."
            );
        }

        // An attach locks it, and every reader of the table holds it.
        if (found.DefaultPartition is { } partition)
        {
            yield return Error(
                $"Table {name} has the default partition {partition}: each run would wait for all readers of the table.",
                $"Detach it: alter table {name} detach partition {partition}."
            );
        }

        foreach (var difference in Columns(described, found, settled, view))
        {
            yield return difference;
        }

        if (found.Key.Count > 0 && !found.Key.SequenceEqual(described.Key))
        {
            yield return Error(
                $"Table {name} has the primary key ({string.Join(", ", found.Key)}); its description has "
                    + (described.Key.Count == 0 ? "none." : $"({string.Join(", ", described.Key)})."),
                "Drop the primary key and run `etl migrate`."
            );
        }

        // A table of a run has no such constraint, so it could not be attached.
        foreach (var constraint in described.IsPartitioned ? found.Constraints : [])
        {
            yield return Error(
                $"Table {name} has the check constraint {Identifier.Display(constraint)}, which the tables of runs lack.",
                $"Drop it: alter table {name} drop constraint {Identifier.Display(constraint)}."
            );
        }
    }

    /// <summary>The error of what has the name of a view, and is not that view.</summary>
    public static EtlError? Difference(StagingView described, FoundTable found) =>
        found.Kind == "view" && found.Columns.SequenceEqual(described.Columns)
            ? null
            : Error(
                $"{Article(found.Kind)} {found.Kind} named {described.FullName} is in the way: etl needs a view of this name"
                    + (found.Kind == "view" ? ", with other columns." : "."),
                $"Rename it and run `etl migrate`, {Setting}."
            );

    private static IEnumerable<EtlError> Columns(
        DescribedTable described,
        FoundTable found,
        IReadOnlyList<string> settled,
        StagingView? view
    )
    {
        var name = described.FullName;
        var both = view is null ? null : RenameBoth(described, view);
        var needed = described.Columns.ToDictionary(c => c.Name, c => TypeText(c.Type));
        var present = found.Columns.ToDictionary(c => c.Name, c => c.Type);
        foreach (var column in described.Columns.Where(c => !present.ContainsKey(c.Name)))
        {
            yield return Error(
                $"Table {name} lacks the column {Identifier.Display(column.Name)} ({column.Type}).",
                both ?? $"Rename the table and run `etl migrate`, {Setting}."
            );
        }

        foreach (var added in found.Columns.Where(c => !needed.ContainsKey(c.Name)))
        {
            var column = Identifier.Display(added.Name);
            yield return Error(
                $"Table {name} has the column {column} ({added.Type}), which its description lacks.",
                both ?? $"Move the column to a table of your own and drop it: alter table {name} drop column {column}."
            );
        }

        var others = needed.Where(c =>
            present.TryGetValue(c.Key, out var t) && t != c.Value && !settled.Contains(c.Key)
        );
        foreach (var (column, type) in others)
        {
            yield return Error(
                $"Column {Identifier.Display(column)} of table {name} is {present[column]}; its description has {type}.",
                both ?? $"Alter the column, or rename the table and run `etl migrate`, {Setting}."
            );
        }

        // An export has the columns in the order of its table.
        var same = found.Columns.Select(c => c.Name).SequenceEqual(described.Columns.Select(c => c.Name));
        if (!same && !described.IsPartitioned && needed.Keys.ToHashSet().SetEquals(present.Keys))
        {
            yield return Error(
                $"Table {name} has its columns in another order than its description.",
                "Rename the table and run `etl migrate`."
            );
        }
    }

    /// <summary>A renamed view still reads its renamed table, so that the earlier rows stay readable.</summary>
    private static string RenameBoth(DescribedTable table, StagingView view) =>
        $"Rename the table and its view, and run `etl migrate`, which creates both again: "
        + $"alter table {table.FullName} rename to {Identifier.Display(table.Name + Before)}; "
        + $"alter view {view.FullName} rename to {Identifier.Display(view.Name + Before)};";

    /// <summary>As PostgreSQL writes a type.</summary>
    private static string TypeText(string type) => type.Replace(", ", ",", StringComparison.Ordinal);

    private static string Article(string kind) => kind[0] is 'i' ? "An" : "A";

    private static EtlError Error(string message, string nextStep) => new(ErrorCode.Database, message, nextStep);
}
