using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using FluentValidation;
using Severity = Etl.Domain.Quality.Severity;

namespace Etl.Application.Transform;

/// <summary>Computes the analytics of a staged run and tests them.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="AsOf">The day that ages are counted to.</param>
/// <param name="Dimensions">The optional files beside the sources.</param>
/// <param name="Sums">Sums of the accepted rows as they were read; the staged rows must have the same.</param>
public sealed record TransformCommand(
    RunId Run,
    int Attempt,
    DateOnly AsOf,
    DimensionFiles Dimensions,
    IReadOnlyList<ColumnSum> Sums
) : IStepCommand<TransformResult>
{
    RunId? IStepCommand.Run => Run;

    /// <inheritdoc/>
    public Step Step => Step.Transform;
}

/// <summary>The results of the data tests.</summary>
/// <param name="Tests">All data tests, by name.</param>
public sealed record TransformResult(IReadOnlyList<DataTestResult> Tests) : IStepResult
{
    /// <inheritdoc/>
    public string Detail => $"{Counted.Of(Tests.Count, "data test")}, {Counted.Of(Warnings.Count, "warning")}";

    /// <inheritdoc/>
    public IReadOnlyList<RunWarning> Warnings =>
        [
            .. Tests
                .Where(t => t is { Severity: Severity.Warn, Violations: > 0 })
                .Select(t => new RunWarning(RunWarningKind.DataTest, t.ToString())),
        ];
}

internal sealed class TransformValidator : StepValidator<TransformCommand>
{
    public TransformValidator() =>
        RuleFor(c => c.AsOf)
            .InclusiveBetween(FieldRules.MinDate, FieldRules.MaxDate)
            .WithMessage("The as-of date must be between 1900-01-01 and 2199-12-31.");
}
