using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Stage;

/// <summary>Checks every row of the pinned files and loads the good ones into the run's own tables.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="Files">The pinned files by dataset; null where one may be missing and is.</param>
/// <param name="BaseRun">The published run whose rows a replay takes over; null for any other run.</param>
public sealed record StageCommand(
    RunId Run,
    int Attempt,
    IReadOnlyDictionary<string, SourceFile?> Files,
    RunId? BaseRun = null
) : IStepCommand<StageResult>
{
    /// <inheritdoc/>
    public Step Step => Step.Stage;
}

/// <summary>What became of the files.</summary>
/// <param name="Files">The files, in the datasets' order.</param>
/// <param name="Warnings">Rejects below the limit, ignored columns, findings of the arrival gate.</param>
public sealed record StageResult(IReadOnlyList<StagedFile> Files, IReadOnlyList<string> Warnings) : IStepResult
{
    /// <summary>What the accepted rows of all files add up to.</summary>
    public IReadOnlyList<ColumnSum> Sums => ColumnSum.Together(Files.SelectMany(f => f.Sums));

    /// <inheritdoc/>
    public string Detail =>
        string.Join(
            ", ",
            Files.Select(f => $"{f.Dataset} {f.RowCounts.Loaded} loaded {f.RowCounts.Rejected} rejected")
        );
}
