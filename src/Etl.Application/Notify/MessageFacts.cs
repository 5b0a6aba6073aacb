using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>All that a message tells.</summary>
/// <param name="Run">The run; null where none was begun.</param>
/// <param name="Summary">How it ended.</param>
internal sealed record MessageFacts(RunId? Run, RunSummary Summary)
{
    /// <summary>The run that ended last before this one; null where it is the first, or nobody knows.</summary>
    public Run? LastEnded { get; init; }

    /// <summary>The published run that changes are counted against, or null.</summary>
    public RunHistory? Before { get; init; }

    /// <summary>Rejected rows by dataset and code, each with its first examples.</summary>
    public IReadOnlyList<RejectDigest> Rejects { get; init; } = [];

    public Outcome Outcome
    {
        get
        {
            if (Summary.Status != SummaryStatus.Succeeded)
            {
                return Outcome.Failure;
            }

            if (RecoveredFrom is not null || Summary.Interruption is not null)
            {
                return Outcome.Recovered;
            }

            return Summary.Sources.Any(s => s.Rejected > 0) ? Outcome.SuccessWithRejects : Outcome.Success;
        }
    }

    /// <summary>The run before, where it did not succeed.</summary>
    public Run? RecoveredFrom =>
        LastEnded?.Status is RunStatus.Failed or RunStatus.TimedOut or RunStatus.Cancelled ? LastEnded : null;
}

/// <summary>Rejected rows of one dataset and code.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The first of them, in file order.</param>
internal sealed record RejectDigest(RejectCount Count, IReadOnlyList<QuarantinedRow> First);
