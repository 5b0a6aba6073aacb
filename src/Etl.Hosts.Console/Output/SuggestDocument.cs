using Etl.Application.Operations;
using Etl.Application.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary><c>check --suggest --json</c>.</summary>
/// <param name="BusinessDate">The day of the files.</param>
/// <param name="Suggestions">The settings of each file.</param>
/// <param name="Files">The files as they are read with these settings.</param>
/// <param name="Obstacle">Why the files cannot be read with these settings alone; null if they can.</param>
internal sealed record SuggestDocument(
    string BusinessDate,
    IReadOnlyList<SuggestionDocument> Suggestions,
    IReadOnlyList<CheckedFileDocument> Files,
    ErrorDocument? Obstacle
) : Document;

/// <summary>The settings of a file.</summary>
internal sealed record SuggestionDocument(
    string Dataset,
    string? Uri,
    IReadOnlyList<SuggestedSetting> Settings,
    IReadOnlyList<string> Questions
)
{
    public static SuggestionDocument Of(FormatSuggestion suggestion) =>
        new(suggestion.Dataset, suggestion.File?.Uri, suggestion.Settings, suggestion.Questions);
}
