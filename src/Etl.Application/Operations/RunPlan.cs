using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>What a run would check and do.</summary>
/// <param name="BusinessDate">The day.</param>
/// <param name="AsOf">The day that ages would be counted to.</param>
public sealed record RunPlan(BusinessDate BusinessDate, DateOnly AsOf)
{
    /// <summary>What the run needs, and how it stands.</summary>
    public IReadOnlyList<HealthCheckResult> Results { get; init; } = [];

    /// <summary>What the ledger would answer; null where it cannot be asked yet.</summary>
    public RunDecision? Decision { get; init; }

    /// <summary>The run that would be worked on, or that stands in the way; null where the ledger cannot be asked.</summary>
    public Run? Run { get; init; }

    /// <summary>A run of another day whose export would be finished first; null for none.</summary>
    public Run? FinishedFirst { get; init; }

    /// <summary>The migrations that would be applied first.</summary>
    public IReadOnlyList<string> Migrations { get; init; } = [];

    /// <summary>The files, read and judged; none where the run would not read them.</summary>
    public IReadOnlyList<StagedFile> Files { get; init; } = [];

    /// <summary>The run that the files are compared with; null before the first.</summary>
    public RunHistory? Before { get; init; }

    /// <summary>What would be written to the lake, in order.</summary>
    public IReadOnlyList<PlannedExport> Exports { get; init; } = [];

    /// <summary>What people would be told although the run goes on.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What would stop the run.</summary>
    public IReadOnlyList<EtlError> Errors { get; init; } = [];

    /// <summary>All that would stop the run, under the code of the first; null where nothing would.</summary>
    public EtlError? Error =>
        Errors.Count == 0 ? null : Errors[0] with { Message = string.Join(" ", Errors.Select(e => e.Message)) };

    /// <summary>Whether the run would read its files, load and publish.</summary>
    public bool Loads => Decision is null or RunDecision.Begin or RunDecision.TakeOver;
}

/// <summary>An object that would be written.</summary>
/// <param name="Table">The table.</param>
/// <param name="Uri">The object's location.</param>
public sealed record PlannedExport(string Table, string Uri);
