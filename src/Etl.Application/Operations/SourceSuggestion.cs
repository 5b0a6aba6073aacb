using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Operations;

/// <summary>Finds the settings that would read the files of a day. It needs no database and writes nothing.</summary>
public sealed class SourceSuggestion(
    DatasetCatalog datasets,
    OptionalDatasets optional,
    ISourceStore source,
    IFormatSuggester suggester,
    IOptions<DeliveryOptions> delivery
)
{
    /// <summary>Files that are looked into where a dataset has none with its name.</summary>
    private const int MaxCandidates = 20;

    /// <summary>The settings for each dataset, and for the optional files that are there.</summary>
    /// <exception cref="EtlException">The source, or a file of it, cannot be read.</exception>
    public async Task<IReadOnlyList<FormatSuggestion>> SuggestAsync(
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        var files = new DayFiles(source, date, delivery.Value, cancellationToken);
        var found = new Dictionary<string, IReadOnlyList<SourceFile>>();
        foreach (var dataset in datasets.Delivered)
        {
            found[dataset.Name] = await files.FindAllAsync(dataset);
        }

        var others = found.Values.Any(f => f.Count == 0)
            ? await OthersAsync(files, date, [.. found.Values.SelectMany(f => f)], cancellationToken)
            : [];
        var suggestions = new List<FormatSuggestion>();
        foreach (var dataset in datasets.Delivered)
        {
            suggestions.Add(
                found[dataset.Name] is { Count: > 0 } parts
                    ? WithParts(dataset, await suggester.SuggestAsync(dataset, parts[0], cancellationToken), parts)
                    : await SuggestOtherAsync(dataset, date, others, cancellationToken)
            );
        }

        foreach (var dataset in optional.All)
        {
            if (await files.FindOneAsync(dataset) is { } file)
            {
                suggestions.Add(await suggester.SuggestAsync(dataset, file, cancellationToken));
            }
        }

        return suggestions;
    }

    /// <summary>Asks whether further files with a name of the dataset are parts of it; the first one shows the format.</summary>
    private static FormatSuggestion WithParts(
        Dataset dataset,
        FormatSuggestion suggestion,
        IReadOnlyList<SourceFile> files
    ) =>
        files.Count == 1 || dataset.Parts == FileParts.All
            ? suggestion
            : suggestion with
            {
                Questions =
                [
                    .. suggestion.Questions,
                    $"There are {files.Count} {dataset} files, from {files[0].Path} to {files[^1].Path}. Are all of them"
                        + $" together the {dataset} of the day? {suggestion.Section}:Parts = All",
                ],
            };

    /// <summary>Asks whether files with the same columns, and names that begin and end alike, are parts of the dataset.</summary>
    private static IEnumerable<string> PartsOf(Dataset dataset, IReadOnlyList<SourceFile> files)
    {
        var names = files.Select(f => f.FileName).ToList();
        var beginning = names[0][..names.Min(n => n.Zip(names[0]).TakeWhile(c => c.First == c.Second).Count())];
        if (names.Count > 1 && beginning.Length > 0 && dataset.Parts == FileParts.One)
        {
            var section = $"Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}";
            yield return $"{names.Count} files have these columns, from {names[0]} to {names[^1]}. Are all of them together the"
                + $" {dataset} of the day? {section}:Names:0 = {beginning}*{Path.GetExtension(names[0])}, {section}:Parts = All";
        }
    }

    /// <summary>The files that no dataset has the name of.</summary>
    private async Task<IReadOnlyList<SourceFile>> OthersAsync(
        DayFiles files,
        BusinessDate date,
        IReadOnlyList<SourceFile> known,
        CancellationToken cancellationToken
    )
    {
        var others = new List<SourceFile>();
        var names = await source.ListAsync(date, folder: "", beginning: "", cancellationToken);
        foreach (
            var name in names
                .Where(n => !files.IsSidecar(n) && !optional.All.Any(d => files.IsNameOf(d, n)))
                .Take(MaxCandidates)
        )
        {
            if (await source.FindAsync(date, [name], cancellationToken) is { Bytes: > 0 } file && !known.Contains(file))
            {
                others.Add(file);
            }
        }

        return others;
    }

    /// <summary>The file that has most columns of the dataset, and more than half of them.</summary>
    private async Task<FormatSuggestion> SuggestOtherAsync(
        Dataset dataset,
        BusinessDate date,
        IReadOnlyList<SourceFile> others,
        CancellationToken cancellationToken
    )
    {
        var all = new List<FormatSuggestion>();
        foreach (var file in others)
        {
            all.Add(await suggester.SuggestAsync(dataset, file, cancellationToken));
        }

        var best = all.MaxBy(s => s.ColumnsFound);

        var section = $"Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}";
        if (best is null || best.ColumnsFound * 2 <= dataset.Columns.Count)
        {
            var question =
                $"No file looks like {dataset.Name}. Which is it? {section}:Names:0 = ... Is it not delivered? "
                + $"{section}:Required = false";
            return new FormatSuggestion(dataset.Name, File: null, [], [question]);
        }

        var name = best.File!.FileName;
        var pattern = DatePlaceholders.Suggest(name);
        var isOfDay = pattern is not null && DatePlaceholders.Fill(pattern, date) == name;
        var otherDay =
            $"Does each day have such a file? {section}:Names:0 = {pattern}, and --date for the day of this one.";
        return best with
        {
            Settings =
            [
                new SuggestedSetting(
                    $"{section}:Names:0",
                    isOfDay ? pattern! : name,
                    $"it has {best.ColumnsFound} of {dataset.Columns.Count} columns"
                ),
                .. best.Settings,
            ],
            Questions =
            [
                .. best.Questions,
                .. pattern is null || isOfDay ? [] : (string[])[otherDay],
                .. PartsOf(dataset, [.. all.Where(s => s.ColumnsFound == best.ColumnsFound).Select(s => s.File!)]),
            ],
        };
    }
}
