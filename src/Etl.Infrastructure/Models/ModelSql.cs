using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;

namespace Etl.Infrastructure.Models;

/// <summary>
/// The statements that compute a model. They run in a schema of the model's own, with a view for each of its inputs, so that the
/// SELECT reads nothing else. Every value is kept as text: the rules of the dataset judge it, and no cast of the database fails.
/// </summary>
/// <param name="dataset">The dataset, with its model.</param>
/// <param name="datasets">All datasets.</param>
internal sealed class ModelSql(Dataset dataset, DatasetCatalog datasets)
{
    // No dataset can have this name, and no column those below.
    private const string Rows = "\"#rows\"";
    private const int MaxExamples = 3;

    private readonly Model model = dataset.Model!;

    /// <summary>The columns that identify a row: the key of the driving dataset.</summary>
    public IReadOnlyList<string> Key { get; } = datasets.Named(dataset.Model!.Every).Key;

    /// <summary>The columns that the SELECT must return, in the order in which they are read: the key first.</summary>
    public IReadOnlyList<string> Columns =>
        [.. Key.Concat(dataset.Columns.Select(c => c.Name)).Distinct(StringComparer.Ordinal)];

    /// <summary>All rows of the SELECT as it stands.</summary>
    public FileQuery Select => FileQuery.Rows(model.File, model.Sql);

    /// <summary>Stores the rows of the SELECT as texts; see <see cref="Begin"/>.</summary>
    public FileQuery Fill =>
        FileQuery.Fill(
            model.File,
            model.Sql,
            $"{Rows} ({Names(Columns)})",
            string.Join(", ", Columns.Select(c => $"{Identifier.Quote(c)}::text"))
        );

    /// <summary>Creates the schema, makes its names the only ones, and creates the views and the table of the rows.</summary>
    /// <param name="schema">The model's schema.</param>
    /// <param name="from">The schema of the inputs.</param>
    public string Begin(string schema, string from) =>
        string.Join(
            ";\n",
            model
                .Inputs.Select(i =>
                    $"create view {Identifier.Quote(i)} as select {Names(datasets.Named(i).Columns.Select(c => c.Name))} "
                    + $"from {Identifier.Quote(from, i)}"
                )
                .Prepend($"set local search_path = {Identifier.Quote(schema)}")
                .Prepend($"create schema {Identifier.Quote(schema)}")
                .Append(
                    $"create unlogged table {Rows} ({string.Join(", ", Columns.Select(c => $"{Identifier.Quote(c)} text collate \"C\""))})"
                )
        );

    /// <summary>
    /// The keys whose rows are missing, repeated or unknown: the kind, the number of keys of the kind, the number of rows, the key.
    /// Of each kind the first few keys. NULL equals NULL.
    /// </summary>
    public string Differences
    {
        get
        {
            var key = Names(Key);
            var texts = string.Join(
                ", ",
                Key.Select(k => $"{Identifier.Quote(k)}::text collate \"C\" as {Identifier.Quote(k)}")
            );
            return $"""
                with "#each" as (
                  select {texts}, 1 as "#driving", 0 as "#given" from {Identifier.Quote(model.Every)}
                  union all
                  select {key}, 0, 1 from {Rows}
                ), "#keys" as (
                  select {key}, sum("#given") as "#given",
                    case when sum("#driving") = 0 then {(int)Difference.Unknown}
                      when sum("#given") = 0 then {(int)Difference.Missing}
                      else {(int)Difference.Repeated} end as "#kind"
                  from "#each" group by {key} having sum("#driving") <> sum("#given")
                ), "#places" as (
                  select *, count(*) over (partition by "#kind") as "#total",
                    row_number() over (partition by "#kind" order by {key}) as "#place"
                  from "#keys"
                )
                select "#kind", "#total", "#given", {key} from "#places"
                where "#place" <= {MaxExamples} order by "#kind", "#place"
                """;
        }
    }

    /// <summary>The rows as a file of the standard format, in an order that depends on their values alone.</summary>
    public string Copy
    {
        get
        {
            var texts = dataset.Columns.Where(c => c.Type.IsText).Select(c => c.Name).ToList();
            var quoted = texts.Count == 0 ? "" : $", force_quote ({Names(texts)})";
            return $"copy (select {Names(Columns)} from {Rows} order by {Names(Columns)}) to stdout (format csv, header{quoted})";
        }
    }

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(Identifier.Quote));
}

/// <summary>How the rows of a model differ from those of its driving dataset.</summary>
internal enum Difference
{
    /// <summary>A driving row gives no row.</summary>
    Missing,

    /// <summary>A driving row gives several rows.</summary>
    Repeated,

    /// <summary>A row has a key that no driving row has.</summary>
    Unknown,
}
