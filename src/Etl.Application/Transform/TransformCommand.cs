using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Application.Transform;

/// <summary>Computes the analytics of a staged run, tests them, and publishes.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="AsOf">The day that ages are counted to.</param>
/// <param name="Dimensions">The optional files beside the sources.</param>
/// <param name="Sums">What the staged rows added up to as they were read; the figures must be made of the same.</param>
public sealed record TransformCommand(
    RunId Run,
    int Attempt,
    DateOnly AsOf,
    DimensionFiles Dimensions,
    IReadOnlyList<ColumnSum> Sums
) : IStepCommand<TransformResult>
{
    /// <inheritdoc/>
    public Step Step => Step.Transform;
}

/// <summary>What the data tests found, and how long the publish held its locks.</summary>
public sealed record TransformResult(IReadOnlyList<DataTestResult> Tests, TimeSpan PublishLock) : IStepResult
{
    /// <inheritdoc/>
    public string Detail =>
        $"{Tests.Count} data tests, {Warnings.Count} warnings, published in {PublishLock.TotalMilliseconds:0} ms";

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings =>
        [
            .. Tests
                .Where(t => t is { Severity: Severity.Warn, Violations: > 0 })
                .Select(t => $"{t.Violations} {t.Meaning}"),
        ];
}
