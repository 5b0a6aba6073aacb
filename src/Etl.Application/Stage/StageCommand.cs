using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using FluentValidation;

namespace Etl.Application.Stage;

/// <summary>Checks every row of the pinned files and loads the valid ones into the run's own tables.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="Files">The pinned files of each delivered dataset; none if it is missing, which a setting can allow.</param>
/// <param name="BaseRun">The published run whose rows a replay copies; null for other runs.</param>
public sealed record StageCommand(
    RunId Run,
    int Attempt,
    IReadOnlyDictionary<string, IReadOnlyList<SourceFile>> Files,
    RunId? BaseRun = null
) : IStepCommand<StageResult>
{
    RunId? IStepCommand.Run => Run;

    /// <inheritdoc/>
    public Step Step => Step.Stage;
}

/// <summary>The loaded files.</summary>
/// <param name="Files">The files, in the datasets' order.</param>
/// <param name="Warnings">Rejected rows within the limit, ignored columns, warnings of the arrival gate.</param>
public sealed record StageResult(IReadOnlyList<StagedFile> Files, IReadOnlyList<RunWarning> Warnings) : IStepResult
{
    /// <summary>The sums over the accepted rows of all files.</summary>
    public IReadOnlyList<ColumnSum> Sums => ColumnSum.Together(Files.SelectMany(f => f.Sums));

    /// <inheritdoc/>
    public string Detail =>
        string.Join(
            ", ",
            Files
                .GroupBy(f => (f.Dataset, f.Role))
                .Select(g => $"{g.Key.Dataset} {g.Sum(f => f.Loaded)} loaded {g.Sum(f => f.Rejected)} rejected")
        );
}

internal sealed class StageValidator : StepValidator<StageCommand>
{
    public StageValidator(DatasetCatalog datasets) =>
        RuleFor(c => c.Files)
            .Must(files => datasets.Delivered.All(d => files.ContainsKey(d.Name)))
            .WithMessage("Every delivered dataset needs an entry; that of a missing one is empty.");
}
