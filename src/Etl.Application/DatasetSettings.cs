using System.Collections;
using Etl.Application.Options;
using Etl.Domain.Datasets;
using Etl.Domain.Orders;

namespace Etl.Application;

/// <summary>
/// Applies the settings of a section that change what a dataset is, not how its file is written: the key, columns that may
/// be negative, and whether it must be delivered. An invalid setting is an error, and counts as not set.
/// </summary>
/// <param name="section">Name of the dataset's own section.</param>
/// <param name="own">Its settings.</param>
/// <param name="common">The settings of the section for all files.</param>
internal sealed class DatasetSettings(string section, FileFormatOptions own, FileFormatOptions common)
{
    public Dataset Apply(Dataset dataset)
    {
        var signed = AllowNegative(dataset);
        var columns = dataset.Columns.Select(c => signed.Contains(c.Name) ? c with { Type = c.Type.WithSign! } : c);
        var isRequired = own.Required ?? common.Required ?? dataset.IsRequired;
        return dataset.With([.. columns], KeyOf(dataset)) with
        {
            IsRequired = isRequired || IsAlwaysRequired(dataset),
            Parts = own.Parts ?? common.Parts ?? dataset.Parts,
        };
    }

    /// <param name="dataset">The section's dataset; null for a section of no dataset that is loaded.</param>
    public IEnumerable<(string Setting, string Error)> Errors(Dataset? dataset)
    {
        if (dataset is null)
        {
            var misplaced = new[] { (nameof(own.Key), own.Key), (nameof(own.AllowNegative), own.AllowNegative) };
            var parts =
                own.Parts == FileParts.All && section != ConfiguredDatasets.Default
                    ? new[] { (Path(nameof(own.Parts)), "is All, but this file has no parts; remove the setting.") }
                    : [];
            return misplaced
                .Where(s => s.Item2 is { Count: > 0 })
                .Select(s =>
                    (Path(s.Item1), "names columns; set it in the section of a dataset, such as Etl:Files:Orders.")
                )
                .Concat(parts);
        }

        return
        [
            .. KeyErrors(dataset),
            .. SignErrors(dataset),
            .. dataset.Model is { } model ? FileErrors(model) : RequiredErrors(dataset),
        ];
    }

    /// <summary>A dataset has a file or a model: settings of a file beside a model are an error.</summary>
    private IEnumerable<(string, string)> FileErrors(Model model)
    {
        string[] ofRows = [nameof(own.Key), nameof(own.AllowNegative), nameof(own.NullTokens)];
        return typeof(FileFormatOptions)
            .GetProperties()
            .Where(p => !ofRows.Contains(p.Name) && p.GetValue(own) is not (null or ICollection { Count: 0 }))
            .Select(p =>
                (
                    Path(p.Name),
                    $"describes a file, and {model.File} gives the rows of this dataset; remove the setting or the model."
                )
            );
    }

    /// <summary>No figure is defined without orders.</summary>
    private static bool IsAlwaysRequired(Dataset dataset) => dataset.Name == Order.Dataset.Name;

    private IReadOnlyList<string> KeyOf(Dataset dataset) =>
        own.Key is not { Count: > 0 } key || KeyErrors(dataset).Any() ? dataset.Key
        : IsNoKey(key) ? []
        : [.. key];

    private IReadOnlyList<string> AllowNegative(Dataset dataset) =>
        own.AllowNegative is { } columns && !SignErrors(dataset).Any() ? [.. columns] : [];

    private IEnumerable<(string, string)> KeyErrors(Dataset dataset)
    {
        if (own.Key is not { Count: > 0 } key || IsNoKey(key))
        {
            yield break;
        }

        foreach (var name in key.Where(k => dataset.Columns.All(c => c.Name != k)).Distinct(StringComparer.Ordinal))
        {
            yield return (
                Path(nameof(own.Key)),
                $"contains {SafeText.Value(name)}, which is not a column of {dataset}; give some of "
                    + $"{string.Join(", ", dataset.Columns.Select(c => c.Name))}, or one empty entry for no key."
            );
        }

        if (key.Distinct(StringComparer.Ordinal).Count() != key.Count)
        {
            yield return (Path(nameof(own.Key)), "contains a column twice; give it once.");
        }
    }

    private IEnumerable<(string, string)> SignErrors(Dataset dataset)
    {
        var signable = dataset.Columns.Where(c => c.Type.WithSign is not null).Select(c => c.Name).ToList();
        foreach (var name in (own.AllowNegative ?? []).Where(n => !signable.Contains(n)))
        {
            yield return (
                Path(nameof(own.AllowNegative)),
                $"contains {SafeText.Value(name)}, which is not an amount or a quantity of {dataset}; give some of "
                    + $"{string.Join(", ", signable.DefaultIfEmpty("none"))}."
            );
        }
    }

    private IEnumerable<(string, string)> RequiredErrors(Dataset dataset) =>
        IsAlwaysRequired(dataset) && own.Required == false
            ? [(Path(nameof(own.Required)), "is false, but no figure is defined without orders; remove the setting.")]
            : [];

    private static bool IsNoKey(IList<string> key) => key is [""];

    private string Path(string name) => $"Etl:Files:{section}:{name}";
}
