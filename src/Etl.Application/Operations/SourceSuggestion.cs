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
        var found = new Dictionary<string, SourceFile?>();
        foreach (var dataset in datasets.All)
        {
            found[dataset.Name] = await files.FindAsync(dataset);
        }

        var others = found.ContainsValue(null)
            ? await OthersAsync(files, date, [.. found.Values.OfType<SourceFile>()], cancellationToken)
            : [];
        var suggestions = new List<FormatSuggestion>();
        foreach (var dataset in datasets.All)
        {
            suggestions.Add(
                found[dataset.Name] is { } file
                    ? await suggester.SuggestAsync(dataset, file, cancellationToken)
                    : await SuggestOtherAsync(dataset, date, others, cancellationToken)
            );
        }

        foreach (var dataset in optional.All)
        {
            if (await files.FindAsync(dataset) is { } file)
            {
                suggestions.Add(await suggester.SuggestAsync(dataset, file, cancellationToken));
            }
        }

        return suggestions;
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
        FormatSuggestion? best = null;
        foreach (var file in others)
        {
            var one = await suggester.SuggestAsync(dataset, file, cancellationToken);
            best = best is null || one.ColumnsFound > best.ColumnsFound ? one : best;
        }

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
            Questions = pattern is null || isOfDay ? best.Questions : [.. best.Questions, otherDay],
        };
    }
}
