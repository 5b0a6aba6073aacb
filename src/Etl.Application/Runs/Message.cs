using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>A run's one message.</summary>
/// <param name="RunId">The run; null where the ledger could not be reached to begin one.</param>
/// <param name="BusinessDate">The run's day.</param>
/// <param name="Outcome">What it says.</param>
/// <param name="Subject">ASCII, at most 99 characters, one line.</param>
/// <param name="Body">Plain text with LF, fit for a phone.</param>
public sealed record Message(RunId? RunId, BusinessDate BusinessDate, Outcome Outcome, string Subject, string Body);
