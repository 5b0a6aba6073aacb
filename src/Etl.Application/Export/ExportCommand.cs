using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;

namespace Etl.Application.Export;

/// <summary>Writes the published analytics to the lake: the tables, the manifest, then both again as the latest.</summary>
/// <param name="Run">The run, published.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
public sealed record ExportCommand(RunId Run, int Attempt) : IStepCommand<ExportResult>
{
    /// <inheritdoc/>
    public Step Step => Step.Export;
}

/// <summary>What was written.</summary>
/// <param name="Exports">The run-keyed objects, by table.</param>
/// <param name="ManifestUri">The run-keyed manifest.</param>
public sealed record ExportResult(IReadOnlyList<ExportRecord> Exports, string ManifestUri) : IStepResult
{
    /// <inheritdoc/>
    public string Detail => $"{Exports.Count} tables, {Exports.Sum(e => e.Bytes)} B";

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [];
}
