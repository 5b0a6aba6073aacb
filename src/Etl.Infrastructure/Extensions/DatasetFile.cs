using System.Text;
using System.Text.Json;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Settings;

namespace Etl.Infrastructure.Extensions;

/// <summary>Reads a dataset from a file <c>datasets/NAME.json</c>; docs/schema/dataset.json describes it.</summary>
internal sealed class DatasetFile
{
    private const int MaxColumns = 250;
    private const int MaxNames = 20;

    private readonly SourceText file;
    private readonly List<EtlError> errors = [];

    private DatasetFile(SourceText file) => this.file = file;

    /// <param name="file">The file.</param>
    /// <param name="errors">Receives the errors; each names file, line and column.</param>
    /// <returns>The dataset and how its file is written; null if there are errors.</returns>
    public static (Dataset Dataset, FileFormatOptions Format)? Parse(SourceText file, List<EtlError> errors)
    {
        var parser = new DatasetFile(file);
        var read = parser.Read();
        errors.AddRange(parser.errors);
        return parser.errors.Count == 0 ? read : null;
    }

    private (Dataset, FileFormatOptions)? Read()
    {
        JsonItem root;
        try
        {
            root = JsonItem.Parse(file.Bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The message of the reader can quote the file.
            var place = exception as JsonException;
            var at = new JsonItem(
                JsonValueKind.Null,
                "",
                (int)(place?.LineNumber ?? 0) + 1,
                (int)(place?.BytePositionInLine ?? 0) + 1
            );
            return Fail<(Dataset, FileFormatOptions)?>(at, "the file is not valid JSON here");
        }

        Check(root, "a dataset", ["$schema", "name", "files", "required", "columns", "key", "distributedBy", "format"]);
        var name = Text(root, "name", required: true);
        if (name is not null && name.Text != file.Name)
        {
            Fail<object>(name, $"the name is {Shown(name)}, and the file is named '{file.Name}'; give both the same");
        }

        var columns = Columns(root);
        var key = Names(root, "key", required: false);
        foreach (var unknown in key.Where(k => columns.All(c => c.Name != k.Text)))
        {
            Fail<object>(unknown, $"{Shown(unknown)}, a column of the key, is not a column of the dataset");
        }

        var isDistributed = root.Find("distributedBy") is not { Kind: JsonValueKind.Null };
        var distributedBy = isDistributed ? Text(root, "distributedBy", required: false) : null;
        if (distributedBy is not null && !columns.Any(c => c.Name == distributedBy.Text && !c.Nullable))
        {
            Fail<object>(distributedBy, $"{Shown(distributedBy)} is not a column that must have a value");
        }

        var files = Names(root, "files", required: true);
        foreach (var wrong in files.Where(f => FilePattern.FindError(f.Text) is not null))
        {
            Fail<object>(wrong, $"{Shown(wrong)} {FilePattern.FindError(wrong.Text)}");
        }

        var isRequired = Flag(root, "required") ?? true;
        if (errors.Count > 0)
        {
            return null;
        }

        var dataset = new Dataset(name!.Text, [.. files.Select(f => f.Text)], columns, [.. key.Select(k => k.Text)])
        {
            DistributedBy = distributedBy?.Text,
            IsDistributed = isDistributed,
            IsRequired = isRequired,
        };
        return (dataset, root.Find("format") is { } format ? FormatFile.Read(format, dataset, Fail) : new());
    }

    private List<Column> Columns(JsonItem root)
    {
        if (root.Find("columns") is not { Kind: JsonValueKind.Array, Items: { Count: > 0 and <= MaxColumns } items })
        {
            return Fail<List<Column>>(
                    root.Find("columns") ?? root,
                    $"'columns' is missing or is not a list of 1 to {MaxColumns} columns"
                ) ?? [];
        }

        var columns = new List<Column>();
        foreach (var item in items)
        {
            if (Column(item) is { } column)
            {
                if (columns.Any(c => c.Name == column.Name))
                {
                    Fail<object>(item.Find("name")!, $"a column '{column.Name}' is there already");
                }

                columns.Add(column);
            }
        }

        return columns;
    }

    private Column? Column(JsonItem item)
    {
        Check(item, "a column", ["name", "type", "nullable", "aliases", "min", "max"]);
        var name = Text(item, "name", required: true);
        if (name is not null && (!ExtensionSource.IsName(name.Text) || name.Text == "run_id"))
        {
            Fail<object>(
                name,
                $"{Shown(name)} is not a column's name; use up to 50 lower-case letters, digits and underscores, and not run_id"
            );
        }

        var nullable = Flag(item, "nullable") ?? false;
        var aliases = Names(item, "aliases", required: false);
        if (Text(item, "type", required: true) is not { } type || name is null)
        {
            return null;
        }

        if (TypeOf(type) is not { } known)
        {
            return null;
        }

        var column = new Column(name.Text, known.Type, nullable, [.. aliases.Select(a => a.Text)]) { Id = known.Id };
        column = column with { Min = Bound(item, "min", column), Max = Bound(item, "max", column) };
        return column is { Min: { } min, Max: { } max } && min > max
            ? Fail<Column>(item.Find("max")!, "'max' is less than 'min'")
            : column;
    }

    private (FieldType Type, IdOf? Id)? TypeOf(JsonItem type)
    {
        var ids = Enum.GetValues<IdOf>().Select(id => (Name: $"id({id.ToString().ToLowerInvariant()})", Id: id));
        if (ids.FirstOrDefault(i => i.Name == type.Text) is { Name: not null } id)
        {
            return (FieldType.Id, id.Id);
        }

        if (FieldType.All.FirstOrDefault(t => t.Name == type.Text) is { } plain)
        {
            return (plain, null);
        }

        var names = FieldType.All.Select(t => t.Name).Concat(ids.Select(i => i.Name)).ToList();
        var hint = Nearest.To(type.Text, names) is { } nearest ? $"did you mean '{nearest}'? The" : "the";
        return Fail<(FieldType, IdOf?)?>(
            type,
            $"{Shown(type)} is not a type; {hint} types are {string.Join(", ", names)}"
        );
    }

    private long? Bound(JsonItem item, string name, Column column)
    {
        if (item.Find(name) is not { } bound)
        {
            return null;
        }

        if (column.Type.IsText || column.Id is not null)
        {
            return Fail<long?>(bound, $"'{name}' is for numbers and dates, and the type of '{column.Name}' is neither");
        }

        var isText = column.Type == FieldType.Date;
        var code = RejectCode.NotANumber;
        var value = 0L;
        if (bound.Kind == (isText ? JsonValueKind.String : JsonValueKind.Number))
        {
            code = column.Read(FileFormat.Standard, Encoding.UTF8.GetBytes(bound.Text), out value);
        }

        return code == RejectCode.None
            ? value
            : Fail<long?>(bound, $"'{name}' is {Shown(bound)}; give {column.Type.Expected}");
    }

    /// <summary>Names the members that an object does not have, and those that it has twice.</summary>
    private void Check(JsonItem item, string what, string[] known)
    {
        if (item.Kind != JsonValueKind.Object)
        {
            Fail<object>(item, $"{what} is an object, {{ … }}");
        }

        foreach (var (name, _) in item.Members.Where(m => !known.Contains(m.Name.Text)))
        {
            var hint = Nearest.To(name.Text, known) is { } nearest ? $"did you mean '{nearest}'?" : "remove it";
            Fail<object>(name, $"{Shown(name)} is not known for {what}; {hint} Known are {string.Join(", ", known)}");
        }

        foreach (var twice in item.Members.GroupBy(m => m.Name.Text).Where(g => g.Count() > 1))
        {
            Fail<object>(twice.Last().Name, $"{Shown(twice.Last().Name)} is there twice");
        }
    }

    private JsonItem? Text(JsonItem item, string name, bool required) =>
        item.Find(name) is { } found
            ? found is { IsText: true, Text.Length: > 0 }
                ? found
                : Fail<JsonItem>(found, $"'{name}' is not a text")
            : required
                ? Fail<JsonItem>(item, $"'{name}' is missing")
                : null;

    private bool? Flag(JsonItem item, string name) =>
        item.Find(name) switch
        {
            null => null,
            { Kind: JsonValueKind.True } => true,
            { Kind: JsonValueKind.False } => false,
            var other => Fail<bool?>(other, $"'{name}' is neither true nor false"),
        };

    private IReadOnlyList<JsonItem> Names(JsonItem item, string name, bool required)
    {
        if (item.Find(name) is not { } list)
        {
            return required ? Fail<IReadOnlyList<JsonItem>>(item, $"'{name}' is missing") ?? [] : [];
        }

        var isValid =
            list.Kind == JsonValueKind.Array
            && list.Items.Count <= MaxNames
            && (list.Items.Count > 0 || !required)
            && list.Items.All(i => i is { IsText: true, Text.Length: > 0 and <= 200 })
            && list.Items.DistinctBy(i => i.Text).Count() == list.Items.Count;
        return isValid
            ? list.Items
            : Fail<IReadOnlyList<JsonItem>>(list, $"'{name}' is not a list of up to {MaxNames} different texts") ?? [];
    }

    private T? Fail<T>(JsonItem item, string what)
    {
        errors.Add(ExtensionErrors.At(file.Location, item, what));
        return default;
    }

    private void Fail(JsonItem item, string what) => Fail<object>(item, what);

    private static string Shown(JsonItem item) => SafeText.Value(item.Text);
}
