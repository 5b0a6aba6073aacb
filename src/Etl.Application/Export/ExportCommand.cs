using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;

namespace Etl.Application.Export;

/// <summary>Writes the published analytics to the lake: the tables, the manifest, then copies of both as the latest.</summary>
/// <param name="Run">The run, published.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
public sealed record ExportCommand(RunId Run, int Attempt) : IStepCommand<ExportResult>
{
    RunId? IStepCommand.Run => Run;

    /// <inheritdoc/>
    public Step Step => Step.Export;
}

/// <summary>The exported tables.</summary>
/// <param name="Exports">The run's objects, by table.</param>
/// <param name="ManifestUri">The run's manifest.</param>
public sealed record ExportResult(IReadOnlyList<ExportRecord> Exports, string ManifestUri) : IStepResult
{
    /// <inheritdoc/>
    public string Detail => $"{Counted.Of(Exports.Count, "table")}, {Exports.Sum(e => e.Bytes)} B";

    /// <inheritdoc/>
    public IReadOnlyList<RunWarning> Warnings => [];
}
