using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Application.Operations;

/// <summary>Finds the settings that would read a file, from samples of it.</summary>
public interface IFormatSuggester
{
    /// <param name="dataset">The dataset that the file delivers, as it is described.</param>
    /// <param name="file">The pinned file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Settings with their evidence, and what a person has to decide.</returns>
    /// <exception cref="Errors.EtlException">The file cannot be read.</exception>
    Task<FormatSuggestion> SuggestAsync(Dataset dataset, SourceFile file, CancellationToken cancellationToken);
}

/// <summary>The settings that would read a file.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="File">The file; null if none looks like it.</param>
/// <param name="Settings">The settings; none for a file in the standard format.</param>
/// <param name="Questions">What the file alone does not answer.</param>
public sealed record FormatSuggestion(
    string Dataset,
    SourceFile? File,
    IReadOnlyList<SuggestedSetting> Settings,
    IReadOnlyList<string> Questions
)
{
    /// <summary>The section of its file, such as <c>Etl:Files:Orders</c>.</summary>
    public string Section => $"Etl:Files:{FileFormatOptions.SectionOf(Dataset)}";

    /// <summary>Columns of the dataset that the file has by name.</summary>
    public int ColumnsFound { get; init; }

    /// <summary>Asks about the key where a check with the settings rejected rows for theirs.</summary>
    public FormatSuggestion WithKeyQuestion(CheckSummary? check)
    {
        var rejects = check?.Files.FirstOrDefault(f => f.Dataset == Dataset)?.RejectsByCode;
        var repeated = rejects?.GetValueOrDefault(RejectCode.DuplicateKey) ?? 0;
        var path = $"{Section}:Key";
        return repeated == 0
            ? this
            : this with
            {
                Questions =
                [
                    .. Questions,
                    $"The key of {repeated} rows was seen before. If these rows are wanted, such as the lines of an order, "
                        + $"which columns are unique together? {path}:0 = ..., {path}:1 = ...; one empty value means no key.",
                ],
            };
    }
}

/// <summary>A setting that a file needs.</summary>
/// <param name="Path">Its path, such as <c>Etl:Files:Orders:Delimiter</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Evidence">What the file shows.</param>
public sealed record SuggestedSetting(string Path, string Value, string Evidence);
