using System.Text;
using Etl.Application.Options;
using Etl.Domain.Datasets;

namespace Etl.Application;

/// <summary>The settings of columns: those of a file's own section, then those of the section for all files.</summary>
internal sealed class ColumnMapping
{
    private readonly Func<string, bool, string> path;
    private readonly Dictionary<string, (ColumnOptions Options, bool IsOwn)> columns = new(
        StringComparer.OrdinalIgnoreCase
    );

    public ColumnMapping(FileFormatOptions own, FileFormatOptions common, Func<string, bool, string> path)
    {
        this.path = path;
        foreach (var (name, options) in common.Columns)
        {
            columns[name] = (options, ReferenceEquals(own, common));
        }

        foreach (var (name, options) in own.Columns)
        {
            columns[name] = (options, true);
        }
    }

    /// <summary>The names in the header, by the columns' names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Names =>
        columns
            .Where(c => c.Value.Options.Names.Count > 0)
            .ToDictionary(c => NameOf(c.Key), c => c.Value.Options.Names);

    /// <summary>The values of columns that are not read from the file.</summary>
    public IReadOnlyDictionary<string, string> Constants =>
        columns
            .Where(c => c.Value.Options.Value is not null)
            .ToDictionary(c => NameOf(c.Key), c => c.Value.Options.Value!);

    /// <summary>What is invalid: setting and error.</summary>
    /// <param name="dataset">The dataset of the file; null for a file without a description.</param>
    /// <param name="format">The format, with the settings of columns.</param>
    public IEnumerable<(string Setting, string Error)> Errors(Dataset? dataset, FileFormat format)
    {
        if (dataset is not null && MissingIn(dataset with { Format = format }) is { Count: > 0 } missing)
        {
            yield return (
                path(nameof(FileFormatOptions.Header), true),
                $"lacks {string.Join(", ", missing)}; name all columns of {dataset}, or set {path(nameof(FileFormatOptions.Columns), true)}:COLUMN:Value."
            );
        }

        foreach (var (name, (options, isOwn)) in columns)
        {
            var setting = $"{path(nameof(FileFormatOptions.Columns), isOwn)}:{name}";
            if (dataset is not null && isOwn && dataset.Columns.All(c => c.Name != NameOf(name)))
            {
                yield return (
                    path(nameof(FileFormatOptions.Columns), isOwn),
                    $"has a name that is not a column of {dataset}; its columns are {string.Join(", ", dataset.Columns.Select(c => c.Name))}."
                );
            }
            else if (options.Value is not null && options.Names.Count > 0)
            {
                yield return (
                    setting,
                    "has names and a Value; give the names in the header, or the value of every row."
                );
            }
            else if (
                options.Value is { } value
                && dataset?.Columns.FirstOrDefault(c => c.Name == NameOf(name)) is { } column
                && !IsValue(column, format, value)
            )
            {
                yield return (
                    $"{setting}:{nameof(ColumnOptions.Value)}",
                    $"is {SafeText.Value(value)}; give a value as the file would have it: {ExpectedOf(column, format)}."
                );
            }
            else if (options.Names.Any(string.IsNullOrWhiteSpace))
            {
                yield return (setting, "contains an empty name; give the column's name in the header.");
            }
        }
    }

    /// <summary>The columns that the declared header of a file without one lacks.</summary>
    private static List<string> MissingIn(Dataset dataset) =>
        dataset.Format.Header.Count == 0
            ? []
            :
            [
                .. dataset
                    .Columns.Where(c => !dataset.Format.Constants.ContainsKey(c.Name))
                    .Where(c => dataset.Find(c, dataset.Format.Header).Count == 0)
                    .Select(c => c.Name),
            ];

    private static bool IsValue(Column column, FileFormat format, string value) =>
        value.Length == 0 || format.NullTokens.Contains(value)
            ? column.Nullable
            : column.Read(format, Encoding.UTF8.GetBytes(value), out _) == RejectCode.None;

    private static string ExpectedOf(Column column, FileFormat format) =>
        column.ExpectedBy(FieldReader.Of(column, format));

    /// <summary>Names of columns are lower case; settings may be upper case, as in the environment.</summary>
    private static string NameOf(string key) => key.ToLowerInvariant();
}
