using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>Finds and pins the files of a business date, or the corrected files of a replay.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="Replay">The replay; null for other runs.</param>
public sealed record ExtractCommand(RunId Run, int Attempt, ReplayRequest? Replay = null) : IStepCommand<ExtractResult>
{
    RunId? IStepCommand.Run => Run;

    /// <inheritdoc/>
    public Step Step => Step.Extract;
}

/// <summary>The files that were found.</summary>
/// <param name="Files">The files of each dataset by its name; none if it is missing, which a setting can allow.</param>
/// <param name="Dimensions">The optional files.</param>
/// <param name="Warnings">Warnings of the arrival gate.</param>
public sealed record ExtractResult(
    IReadOnlyDictionary<string, IReadOnlyList<SourceFile>> Files,
    DimensionFiles Dimensions,
    IReadOnlyList<RunWarning> Warnings
) : IStepResult
{
    /// <inheritdoc/>
    public string Detail => string.Join(", ", Files.Select(f => Describe(f.Key, f.Value)));

    private static string Describe(string dataset, IReadOnlyList<SourceFile> files) =>
        files.Count switch
        {
            0 => $"no {dataset}",
            1 => $"{files[0].FileName} {files[0].Bytes} B",
            _ => $"{files.Count} {dataset} files {files.Sum(f => f.Bytes)} B",
        };
}

/// <summary>The optional files beside the snapshots; each is null if it is missing.</summary>
/// <param name="Products">Names and categories of products, <c>dim_products.csv</c>.</param>
/// <param name="Dates">Days of the business calendar, <c>dim_dates.csv</c>.</param>
/// <param name="OfRun">The run whose products and calendar a replay copies; null for other runs.</param>
public sealed record DimensionFiles(SourceFile? Products, SourceFile? Dates, RunId? OfRun = null);
