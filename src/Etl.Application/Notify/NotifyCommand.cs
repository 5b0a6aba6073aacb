using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>Writes a run's one message, and sends it with any that could not be sent before.</summary>
/// <param name="Run">The run, ended.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="Summary">How it ended.</param>
public sealed record NotifyCommand(RunId Run, int Attempt, RunSummary Summary) : IStepCommand<NotifyResult>
{
    /// <inheritdoc/>
    public Step Step => Step.Notify;
}

/// <summary>What was sent.</summary>
/// <param name="Sent">Messages that went out.</param>
/// <param name="Warnings">Messages that did not.</param>
public sealed record NotifyResult(int Sent, IReadOnlyList<string> Warnings) : IStepResult
{
    /// <inheritdoc/>
    public string Detail => $"{Sent} sent, {Warnings.Count} not";
}
