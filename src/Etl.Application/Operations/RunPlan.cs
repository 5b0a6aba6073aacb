using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>What a run would check and do.</summary>
/// <param name="BusinessDate">The day.</param>
/// <param name="AsOf">The day that ages would be counted to.</param>
public sealed record RunPlan(BusinessDate BusinessDate, DateOnly AsOf)
{
    /// <summary>The results of the health checks.</summary>
    public IReadOnlyList<HealthCheckResult> Results { get; init; } = [];

    /// <summary>The names of the checks without a result.</summary>
    public IReadOnlyList<string> NotExamined { get; init; } = [];

    /// <summary>The ledger's decision; null if the ledger cannot be read yet.</summary>
    public RunDecision? Decision { get; init; }

    /// <summary>The run that would be worked on, or that prevents it; null if the ledger cannot be read yet.</summary>
    public Run? Run { get; init; }

    /// <summary>The run of another day whose export would be finished first, or null.</summary>
    public Run? FinishedFirst { get; init; }

    /// <summary>The migrations that would be applied first.</summary>
    public IReadOnlyList<string> Migrations { get; init; } = [];

    /// <summary>The checked files; empty if the run would not read them.</summary>
    public IReadOnlyList<StagedFile> Files { get; init; } = [];

    /// <summary>The run that the files are compared with; null before the first.</summary>
    public RunHistory? Before { get; init; }

    /// <summary>What would be written to the lake, in order.</summary>
    public IReadOnlyList<PlannedExport> Exports { get; init; } = [];

    /// <summary>Whether the files of the day, which is already done, were delivered again and differ.</summary>
    public bool SourceChanged { get; init; }

    /// <summary>Conditions that would not stop the run.</summary>
    public IReadOnlyList<RunWarning> Warnings { get; init; } = [];

    /// <summary>Errors of the files alone.</summary>
    public IReadOnlyList<EtlError> FileErrors { get; init; } = [];

    /// <summary>Errors that would stop the run.</summary>
    public IReadOnlyList<EtlError> Errors { get; init; } = [];

    /// <summary>All errors in one, with the code of the first; null if there are none.</summary>
    public EtlError? Error => EtlError.Combine(Errors);

    /// <summary>The ID that the run would have. If the ledger cannot be read, it is that of the day's first run.</summary>
    public RunId ExpectedRun => Run?.Id ?? RunId.First(BusinessDate);

    /// <summary>Whether the run would read its files, load and publish.</summary>
    public bool Loads => Decision is null or RunDecision.Begin or RunDecision.TakeOver;
}

/// <summary>An object that would be written.</summary>
/// <param name="Table">The table.</param>
/// <param name="Uri">The object's location.</param>
public sealed record PlannedExport(string Table, string Uri);
