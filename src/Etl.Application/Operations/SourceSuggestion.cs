using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>Finds the settings that would read the files of a day. It needs no database and writes nothing.</summary>
public sealed class SourceSuggestion(DatasetCatalog datasets, SnapshotFinder snapshots, IFormatSuggester suggester)
{
    /// <summary>The settings for each dataset of which a file was found.</summary>
    /// <exception cref="EtlException">The source, or a file of it, cannot be read.</exception>
    public async Task<IReadOnlyList<FormatSuggestion>> SuggestAsync(
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        var files = await snapshots.FindCurrentAsync(date, cancellationToken);
        var suggestions = new List<FormatSuggestion>();
        foreach (var dataset in datasets.All)
        {
            if (files[dataset.Name] is { Bytes: > 0 } file)
            {
                suggestions.Add(await suggester.SuggestAsync(dataset, file, cancellationToken));
            }
        }

        return suggestions;
    }
}
