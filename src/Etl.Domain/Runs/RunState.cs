namespace Etl.Domain.Runs;

/// <summary>What a ledger has kept of a run; <see cref="Run.Restore"/> makes the run of it. All moments are UTC.</summary>
public sealed record RunState
{
    /// <inheritdoc cref="Run.Id"/>
    public required RunId Id { get; init; }

    /// <inheritdoc cref="Run.AsOf"/>
    public required DateOnly AsOf { get; init; }

    /// <inheritdoc cref="Run.Trigger"/>
    public required Trigger Trigger { get; init; }

    /// <inheritdoc cref="Run.Forced"/>
    public required bool Forced { get; init; }

    /// <inheritdoc cref="Run.BaseRunId"/>
    public required string? BaseRunId { get; init; }

    /// <inheritdoc cref="Run.Status"/>
    public required RunStatus Status { get; init; }

    /// <inheritdoc cref="Run.StartedAt"/>
    public required DateTimeOffset StartedAt { get; init; }

    /// <inheritdoc cref="Run.PublishedAt"/>
    public required DateTimeOffset? PublishedAt { get; init; }

    /// <inheritdoc cref="Run.ExportedAt"/>
    public required DateTimeOffset? ExportedAt { get; init; }

    /// <inheritdoc cref="Run.FinishedAt"/>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <inheritdoc cref="Run.Attempts"/>
    public required int Attempts { get; init; }

    /// <inheritdoc cref="Run.ErrorCode"/>
    public required string? ErrorCode { get; init; }

    /// <inheritdoc cref="Run.ErrorMessage"/>
    public required string? ErrorMessage { get; init; }

    /// <inheritdoc cref="Run.ErrorNextStep"/>
    public required string? ErrorNextStep { get; init; }

    /// <inheritdoc cref="Run.LeaseOwner"/>
    public required string? LeaseOwner { get; init; }

    /// <inheritdoc cref="Run.LeaseUntil"/>
    public required DateTimeOffset? LeaseUntil { get; init; }
}
