using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>Finds and pins the files of a business date, or the corrected files of a replay.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="Replay">What a replay builds on; null for any other run.</param>
public sealed record ExtractCommand(RunId Run, int Attempt, ReplayRequest? Replay = null) : IStepCommand<ExtractResult>
{
    /// <inheritdoc/>
    public Step Step => Step.Extract;
}

/// <summary>The files that were found.</summary>
/// <param name="Files">A file for each dataset; null where it may be missing and is.</param>
/// <param name="Dimensions">The optional files.</param>
/// <param name="Warnings">ArrivalErrors of the arrival gate.</param>
public sealed record ExtractResult(
    IReadOnlyDictionary<string, SourceFile?> Files,
    DimensionFiles Dimensions,
    IReadOnlyList<string> Warnings
) : IStepResult
{
    /// <inheritdoc/>
    public string Detail =>
        string.Join(", ", Files.Select(f => f.Value is null ? $"no {f.Key}" : $"{f.Value.FileName} {f.Value.Bytes} B"));
}
